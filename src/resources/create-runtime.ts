import { customAlphabet, nanoid } from 'nanoid';
import type { PortkeyOptions } from '../config/client-options.ts';
import { PortkeyError } from '../core/errors/portkey-error.ts';
import type { EventSink } from '../core/events.ts';
import { type Runtime, systemClock } from '../core/runtime.ts';
import { runtimeProblem } from '../core/runtime-age.ts';
import { createTransport } from '../providers/transport/http.ts';

const hexDigits32 = customAlphabet('0123456789abcdef', 32);

/** All that reaches outside, as a client's options say, else the system's own. Throws a `PortkeyError` on a runtime that is too old. */
export function createRuntime(
  { clock, random, fetch, tracer }: Pick<PortkeyOptions, 'clock' | 'random' | 'fetch' | 'tracer'>,
  events: EventSink,
): Runtime {
  const problem = runtimeProblem();
  if (problem !== undefined) throw new PortkeyError('config', problem);
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
