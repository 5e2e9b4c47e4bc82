import { customAlphabet } from 'nanoid';
import type { EventHub } from '../core/event-hub.ts';
import type { LogStore } from '../core/log-store.ts';
import type { Clock } from '../core/runtime.ts';
import { memoryLogs } from '../observe/logs/memory.ts';
import { toRecord } from '../observe/logs/record.ts';
import { createLogWriter } from '../observe/logs/writer.ts';
import type { LogOptions } from './log-options.ts';

/** The logs of one client. */
export interface ClientLogs {
  readonly store: LogStore;
  /** Resolves when the store was given all that ended before. Never rejects. */
  flush(): Promise<void>;
}

const newSpanId = customAlphabet('0123456789abcdef', 16);

/** Begins to write a record of every request whose end `events` tells. */
export function clientLogs({ store: given, maxRecords }: LogOptions, clock: Clock, events: EventHub): ClientLogs {
  const store = given ?? memoryLogs(maxRecords === undefined ? {} : { maxRecords });
  const writer = createLogWriter(store, { clock, events });
  events.on('request-end', (end) => writer.add(() => toRecord({ end }, newSpanId)));
  return { store, flush: writer.flush };
}
