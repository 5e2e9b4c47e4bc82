import type { Clock } from '../../core/runtime.ts';
import type { CallOutcome } from './outcome.ts';

/** How much load. At least one of `requests` and `durationMs` is set. */
export interface LoadBounds {
  readonly requests?: number;
  readonly durationMs?: number;
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Requests begun per second; as many as `concurrency` allows when absent. */
  readonly ratePerSecond?: number;
}

/** One request, over. */
export interface Call extends CallOutcome {
  /** Milliseconds; with a rate from the moment at which the request was due, so that waiting for its turn counts. */
  readonly durationMs: number;
}

/** A load test, over. */
export interface LoadRun {
  readonly calls: readonly Call[];
  readonly durationMs: number;
  /** The user ended it. */
  readonly wasStopped: boolean;
}

/** What a load test needs of its surroundings. */
export interface LoadScope {
  readonly send: (signal: AbortSignal) => Promise<CallOutcome>;
  readonly clock: Clock;
  /** Its abort ends the test: nothing more is begun, what is in flight is given up and not counted. */
  readonly signal: AbortSignal;
}

/** Sends requests until the bounds are reached. What is in flight at the end of a duration is finished and counted. */
export async function runLoad(bounds: LoadBounds, scope: LoadScope, onCall: (call: Call) => void): Promise<LoadRun> {
  const { clock, signal } = scope;
  const { requests = Number.POSITIVE_INFINITY, durationMs = Number.POSITIVE_INFINITY, concurrency } = bounds;
  const startedAt = clock.now();
  const calls: Call[] = [];
  let begun = 0;

  /** When the next request is due; undefined when there is none. */
  function nextDue(): number | undefined {
    if (begun >= requests || signal.aborted) return undefined;
    const due = bounds.ratePerSecond === undefined ? clock.now() : startedAt + (begun * 1000) / bounds.ratePerSecond;
    if (due - startedAt >= durationMs) return undefined;
    begun += 1;
    return due;
  }

  async function worker(): Promise<void> {
    for (let due = nextDue(); due !== undefined; due = nextDue()) {
      await until(due, scope);
      if (signal.aborted) return;
      const outcome = await scope.send(signal);
      if (signal.aborted) return;
      const call = { ...outcome, durationMs: clock.now() - due };
      calls.push(call);
      onCall(call);
    }
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, requests) }, worker));
  return { calls, durationMs: clock.now() - startedAt, wasStopped: signal.aborted };
}

function until(due: number, { clock, signal }: LoadScope): Promise<void> {
  const ms = due - clock.now();
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener('abort', done, { once: true });
  });
}
