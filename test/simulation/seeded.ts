/** Chance that repeats itself: the same seed gives the same numbers. */
export interface Seeded {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** True in `share` of all cases. */
  chance(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** Waiting time until the next of events that come at random, `meanMs` apart. */
  exponential(meanMs: number): number;
  /** A generator of its own, so that more draws in one place change nothing in another. */
  fork(): Seeded;
}

/** Mulberry32 (T. Ettinger, 2017; public domain): 32 bits of state, enough for a test. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (share) => next() < share,
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
    exponential: (meanMs) => -Math.log(1 - next()) * meanMs,
    fork: () => seeded(Math.floor(next() * 2 ** 32)),
  };
}
