import type { LatencyEstimate } from '../../core/health.ts';

/** A moving average of durations in which older measurements fade with time. */
export interface MovingAverage {
  add(now: number, ms: number): void;
  /** Undefined while nothing was measured. The same object until the next measurement. */
  estimate(): LatencyEstimate | undefined;
}

/** Time constant of the fading, as Finagle's least-loaded balancers take it ("Peak EWMA", Finagle user guide). */
const fadingMs = 10_000;
/** Measurements that come close together still move the average. */
const leastPart = 0.1;

/** An average of nothing yet. */
export function createMovingAverage(): MovingAverage {
  let current: LatencyEstimate | undefined;
  return {
    add(now, ms) {
      if (current === undefined) {
        current = { ms, at: now };
        return;
      }
      const part = Math.max(leastPart, 1 - Math.exp(-(now - current.at) / fadingMs));
      current = { ms: current.ms + part * (ms - current.ms), at: now };
    },
    estimate: () => current,
  };
}
