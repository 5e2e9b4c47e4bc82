import type { CountTokens } from './demand.ts';
import type { EventSink } from './events.ts';
import type { Tracer } from './tracer.ts';
import type { Transport } from './transport.ts';

/** Time. Injected, so that no test sleeps. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `callback` after `ms` milliseconds; the returned function cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** All that reaches outside: time, chance, ids, network, events. Handed in, never global. */
export interface Runtime {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A fresh request ID. */
  readonly requestId: () => string;
  /** A fresh trace ID, 32 hex digits as in W3C trace context. */
  readonly traceId: () => string;
  readonly transport: Transport;
  readonly events: EventSink;
  /** Counts the tokens of a text as a model would; an estimate by its characters when absent. */
  readonly countTokens?: CountTokens | undefined;
  /** Follows calls; nobody does where it is absent. */
  readonly tracer?: Tracer | undefined;
}

/** The system's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** The system's clock, whose timers do not keep the process running. */
export const backgroundClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    // A number where there is no process to keep running.
    const timer: { unref?(): void } | number = setTimeout(callback, ms);
    if (typeof timer === 'object') timer.unref?.();
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>);
  },
};
