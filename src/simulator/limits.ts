import type { Behaviour } from './behaviour.ts';
import type { LimitState } from './formats/wire-format.ts';

/** A strict sliding log: in no window of `perMs` are more than `requests` admitted for one key. */
export interface RateLimiter {
  /** Counts a request of `key`, if it is admitted. */
  admit(key: string, now: number): LimitState & { readonly admitted: boolean };
}

/** Requests under way at once. */
export interface Gate {
  /** Takes a place; undefined when there is none, else what gives it back. */
  enter(): (() => void) | undefined;
}

/** A limiter that starts empty. */
export function rateLimiter({ requests, perMs }: NonNullable<Behaviour['rateLimit']>): RateLimiter {
  const logs = new Map<string, number[]>();
  return {
    admit(key, now) {
      const log = logs.get(key) ?? [];
      while (log[0] !== undefined && log[0] <= now - perMs) log.shift();
      const admitted = log.length < requests;
      if (admitted) log.push(now);
      logs.set(key, log);
      const [oldest = now, latest = now] = [log[0], log.at(-1)];
      return {
        admitted,
        limit: requests,
        remaining: requests - log.length,
        retryMs: log.length < requests ? 0 : oldest + perMs - now,
        resetMs: log.length === 0 ? 0 : latest + perMs - now,
        now,
      };
    },
  };
}

/** A gate with `places` places. */
export function gate(places: number): Gate {
  let taken = 0;
  return {
    enter() {
      if (taken >= places) return undefined;
      taken += 1;
      return () => {
        taken -= 1;
      };
    },
  };
}
