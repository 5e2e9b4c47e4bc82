/** Counts keys that were wrong. */
export interface Attempts {
  /** Milliseconds until `address` may try again; 0: now. */
  waitMs(address: string, now: number): number;
  failed(address: string, now: number): void;
}

const windowMs = 60_000;
/** Of one address within a minute; behind a proxy all visitors have its address. */
const mostOfOne = 10;
/** Of all addresses together. */
const mostOfAll = 200;

/** No attempts yet. An address is counted from its first wrong key on, for a minute. */
export function createAttempts(): Attempts {
  const counts = new Map<string, { count: number; readonly until: number }>();
  const everybody = '*';

  function count(address: string, now: number) {
    const known = counts.get(address);
    return known !== undefined && known.until > now ? known : undefined;
  }

  function add(address: string, now: number): void {
    const known = count(address, now);
    if (known === undefined) counts.set(address, { count: 1, until: now + windowMs });
    else known.count++;
  }

  return {
    waitMs(address, now) {
      const own = count(address, now);
      const all = count(everybody, now);
      return Math.max(
        own !== undefined && own.count >= mostOfOne ? own.until - now : 0,
        all !== undefined && all.count >= mostOfAll ? all.until - now : 0,
      );
    },
    failed(address, now) {
      // No more addresses than attempts of a minute.
      for (const [key, { until }] of counts) if (until <= now) counts.delete(key);
      add(address, now);
      add(everybody, now);
    },
  };
}
