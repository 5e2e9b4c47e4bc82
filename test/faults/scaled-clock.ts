import type { Clock } from '../../src/core/runtime.ts';

/** A real clock that runs `factor` times as fast: what would take a minute takes seconds, in the same order. */
export interface ScaledClock extends Clock {
  /** Timers not yet gone off or cancelled. */
  readonly pending: number;
}

/** Makes a {@link ScaledClock}. */
export function scaledClock(factor: number): ScaledClock {
  const start = Date.now();
  const timers = new Set<NodeJS.Timeout>();
  return {
    now: () => start + (Date.now() - start) * factor,
    after(ms, callback) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        callback();
      }, ms / factor);
      timers.add(timer);
      return () => {
        clearTimeout(timer);
        timers.delete(timer);
      };
    },
    get pending() {
      return timers.size;
    },
  };
}
