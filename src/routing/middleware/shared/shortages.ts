import type { Clock } from '../../../core/runtime.ts';
import type { Shortage } from '../../../core/shared-state.ts';

/** Limits of which all processes together have used up so much that a claim did not fit. */
export interface Shortages {
  /** Is there any? Most of the time there is none, and nothing need be worked out. */
  readonly isAny: boolean;
  note(shortages: readonly Shortage[]): void;
  /** Forgets all. */
  clear(): void;
  /** Clock milliseconds from which it is worth asking again; 0 when there is no shortage. */
  askAgainAt(key: string): number;
  /** Clock milliseconds from which there may be room; 0 when there is no shortage. */
  readyAt(key: string): number;
}

/** What calls under way give back is not told: a long shortage is asked about once a second. */
const longestBlindMs = 1000;

/** A place is given back without a word to those who wait. Milliseconds. */
const askForPlaceAgainMs = 50;

const mostShortages = 10_000;

/** None yet. */
export function createShortages(clock: Pick<Clock, 'now'>): Shortages {
  const known = new Map<string, { readonly askAgainAt: number; readonly readyAt: number }>();
  let lastsUntil = 0;

  function dropOld(now: number): void {
    for (const [key, { askAgainAt }] of known) if (askAgainAt <= now) known.delete(key);
    if (known.size > mostShortages) known.clear();
  }

  return {
    get isAny() {
      return lastsUntil > clock.now();
    },
    note(shortages) {
      if (shortages.length === 0) return;
      const now = clock.now();
      if (lastsUntil <= now || known.size > mostShortages) dropOld(now);
      for (const { key, waitMs } of shortages) {
        const readyInMs = Number.isFinite(waitMs) ? waitMs : askForPlaceAgainMs;
        const askAgainAt = now + Math.min(readyInMs, longestBlindMs);
        known.set(key, { askAgainAt, readyAt: now + readyInMs });
        lastsUntil = Math.max(lastsUntil, askAgainAt);
      }
    },
    clear() {
      known.clear();
      lastsUntil = 0;
    },
    askAgainAt: (key) => known.get(key)?.askAgainAt ?? 0,
    readyAt: (key) => known.get(key)?.readyAt ?? 0,
  };
}
