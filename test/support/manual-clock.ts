import type { Clock } from '../../src/core/runtime.ts';

/** A clock that stands still until `advance`, which then runs all timers due on the way, in order. Starts at 1,000,000 ms. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** Timers not yet run or cancelled. */
  readonly pending: number;
}

/** Makes a {@link ManualClock}. */
export function manualClock(): ManualClock {
  let now = 1_000_000;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        now = next.at;
        next.callback();
      }
      now = end;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Lets time pass until `promise` has settled, `stepMs` at a turn of the event loop. Resolves to what became of it. */
export async function pass<Value>(
  clock: ManualClock,
  promise: PromiseLike<Value>,
  stepMs = 100,
): Promise<PromiseSettledResult<Value>> {
  let result: PromiseSettledResult<Value> | undefined;
  promise.then(
    (value) => {
      result = { status: 'fulfilled', value };
    },
    (reason: unknown) => {
      result = { status: 'rejected', reason };
    },
  );
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (result !== undefined) return result;
    clock.advance(stepMs);
  }
}
