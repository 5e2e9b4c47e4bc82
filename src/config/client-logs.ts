import { customAlphabet } from 'nanoid';
import type { EventHub } from '../core/event-hub.ts';
import type { LogBody } from '../core/log-record.ts';
import type { LogStore } from '../core/log-store.ts';
import { backgroundClock, type Clock, systemClock } from '../core/runtime.ts';
import { pruner } from '../observe/logs/pruner.ts';
import { toRecord } from '../observe/logs/record.ts';
import { snapshot } from '../observe/logs/snapshot.ts';
import { createLogWriter } from '../observe/logs/writer.ts';
import type { LogOptions } from './log-options.ts';
import { namedLogStore } from './log-stores.ts';

/** The logs of one client. */
export interface ClientLogs {
  readonly store: LogStore;
  /** Resolves when the store was given all that ended before. Never rejects. */
  flush(): Promise<void>;
  /** Flushes, and closes the store where the client opened it. Never rejects. */
  close(): Promise<void>;
}

const newSpanId = customAlphabet('0123456789abcdef', 16);
const defaultBodyLength = 65_536;

/** Begins to write a record of every request whose end `events` tells. */
export function clientLogs(options: LogOptions, clock: Clock, events: EventHub): ClientLogs {
  const { store, keep } = namedLogStore(options);
  const background = clock === systemClock ? backgroundClock : clock;
  const writer = createLogWriter(store, { clock, background, events });
  const prune = pruner(store, keep, { clock: background, events });
  const bodies = options.bodies === true ? watchBodies(events, options.maxBodyLength ?? defaultBodyLength) : undefined;
  events.on('request-end', (end) => {
    const kept = bodies?.take(end.requestId);
    writer.add(() => toRecord({ end, ...kept }, newSpanId));
    prune();
  });
  return {
    store,
    flush: writer.flush,
    async close() {
      await writer.close();
      if (options.store === undefined) await Promise.resolve(store.close()).catch(() => undefined);
    },
  };
}

interface Bodies {
  request?: LogBody;
  response?: LogBody;
}

/** Bodies are written down when they are told: afterwards they are the caller's to change. */
function watchBodies(events: EventHub, maxLength: number) {
  const open = new Map<string, Bodies>();
  events.on('request-body', ({ requestId, body }) => {
    open.set(requestId, { request: snapshot(body, maxLength) });
  });
  events.on('response-body', ({ requestId, body }) => {
    const bodies = open.get(requestId);
    if (bodies !== undefined) bodies.response = snapshot(body, maxLength);
  });
  return {
    take(requestId: string): Bodies | undefined {
      const bodies = open.get(requestId);
      open.delete(requestId);
      return bodies;
    },
  };
}
