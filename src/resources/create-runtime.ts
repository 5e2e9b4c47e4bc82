import { customAlphabet, nanoid } from 'nanoid';
import type { PortkeyOptions } from '../config/client-options.ts';
import type { EventSink } from '../core/events.ts';
import { type Runtime, systemClock } from '../core/runtime.ts';
import { createTransport } from '../providers/transport/http.ts';

const hexDigits32 = customAlphabet('0123456789abcdef', 32);

/** All that reaches outside, as a client's options say, else the system's own. */
export function createRuntime(
  { clock, random, fetch, tracer }: Pick<PortkeyOptions, 'clock' | 'random' | 'fetch' | 'tracer'>,
  events: EventSink,
): Runtime {
  return {
    clock: clock ?? systemClock,
    random: random ?? Math.random,
    requestId: () => nanoid(),
    traceId: () => hexDigits32(),
    transport: createTransport(fetch === undefined ? {} : { fetch }),
    events,
    tracer,
  };
}
