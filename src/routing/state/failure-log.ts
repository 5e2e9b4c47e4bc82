/** When the last failures were. Exact for any window, and no longer than needed to see a limit passed. */
export interface FailureLog {
  /** Keeps at least this many. */
  reserve(entries: number): void;
  add(now: number): void;
  /** Failures after `time`, at most as many as are kept. */
  countSince(time: number): number;
  clear(): void;
}

/** An empty log. */
export function createFailureLog(): FailureLog {
  let times: number[] = [];
  let capacity = 1;
  return {
    reserve(entries) {
      capacity = Math.max(capacity, entries);
    },
    add(now) {
      times.push(now);
      // Cut in batches: the cost per failure stays constant.
      if (times.length >= 2 * capacity) times = times.slice(-capacity);
    },
    countSince(time) {
      let count = 0;
      for (let i = times.length - 1; i >= 0 && (times[i] as number) > time; i--) count++;
      return Math.min(count, capacity);
    },
    clear() {
      times = [];
    },
  };
}
