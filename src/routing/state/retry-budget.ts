import { createOutcomeTally } from './outcome-tally.ts';

/** How many calls may be tried again, over all of them together (after Finagle's RetryBudget, Finagle user guide). */
export interface RetryBudget {
  /** A call begins, and earns its part of a try. */
  noteCall(now: number): void;
  /** Takes a try; false when there is none left. */
  take(now: number): boolean;
}

/** What a {@link RetryBudget} allows. */
export interface RetryAllowance {
  /** Tries for each call. */
  readonly ratio: number;
  /** Tries a second that are always allowed. */
  readonly minPerSecond: number;
}

const windowMs = 10_000;

/** A full budget. Counts over the last ten seconds, in slices of half a second. */
export function createRetryBudget({ ratio, minPerSecond }: RetryAllowance): RetryBudget {
  const tally = createOutcomeTally(windowMs);
  const floor = (minPerSecond * windowMs) / 1000;
  return {
    noteCall: (now) => tally.add(now, false),
    take(now) {
      const { requests, failures: tries } = tally.totals(now);
      if (tries + 1 > ratio * (requests - tries) + floor) return false;
      tally.add(now, true);
      return true;
    },
  };
}
