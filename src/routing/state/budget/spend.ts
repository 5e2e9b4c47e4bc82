import type { Calendars, Span } from './calendar.ts';
import type { BudgetPeriod } from './period.ts';

/** What was spent within a period, in whole micro-dollars. Its memory does not grow with traffic. */
export interface Spend {
  total(now: number): number;
  /** `at`: clock milliseconds. What was spent before the period at hand counts for nothing. */
  add(micro: number, at: number): void;
  /** Clock milliseconds from which no more than `most` of what was spent so far counts; not after `now` when that is so now. */
  atMost(most: number, now: number): number;
  /** When the whole begins anew; undefined for a rolling period, which never does. */
  endsAt(now: number): number | undefined;
  /** What counts now, as pairs of clock milliseconds and micro-dollars, to `add` elsewhere. */
  entries(now: number): readonly (readonly [at: number, micro: number])[];
}

/** Nothing spent yet. */
export function createSpend(period: BudgetPeriod, calendars: Calendars): Spend {
  return period.reset === 'calendar' ? calendarSpend(calendars(period.unit, period.timeZone)) : rollingSpend(period.ms);
}

function calendarSpend(spanAt: (now: number) => Span): Spend {
  let start = Number.NEGATIVE_INFINITY;
  let spent = 0;

  function moveTo(now: number): void {
    const span = spanAt(now);
    if (span.start <= start) return;
    start = span.start;
    spent = 0;
  }

  return {
    total(now) {
      moveTo(now);
      return spent;
    },
    add(micro, at) {
      moveTo(at);
      if (at >= start) spent += micro;
    },
    atMost(most, now) {
      moveTo(now);
      if (spent <= most) return now;
      return most < 0 ? Number.POSITIVE_INFINITY : spanAt(now).end;
    },
    endsAt: (now) => spanAt(now).end,
    entries(now) {
      moveTo(now);
      return spent === 0 ? [] : [[start, spent]];
    },
  };
}

const slices = 60;

/** Counted in slices of a sixtieth: what was spent leaves a whole slice at a time, up to one slice late, never early. */
function rollingSpend(periodMs: number): Spend {
  const sliceMs = periodMs / slices;
  // Only slices in which something was spent, in order of time.
  let held: { readonly slice: number; micro: number }[] = [];
  let spent = 0;

  const leavesAt = (slice: number) => (slice + 1) * sliceMs + periodMs;

  function drop(now: number): void {
    let gone = 0;
    for (const { slice, micro } of held) {
      if (leavesAt(slice) > now) break;
      spent -= micro;
      gone++;
    }
    if (gone > 0) held = held.slice(gone);
  }

  return {
    total(now) {
      drop(now);
      return spent;
    },
    add(micro, at) {
      const slice = Math.floor(at / sliceMs);
      let place = held.length;
      while (place > 0 && (held[place - 1] as (typeof held)[number]).slice > slice) place--;
      const before = held[place - 1];
      if (before?.slice === slice) before.micro += micro;
      else held.splice(place, 0, { slice, micro });
      spent += micro;
      drop((held.at(-1)?.slice ?? slice) * sliceMs);
    },
    atMost(most, now) {
      drop(now);
      let left = spent;
      if (left <= most) return now;
      for (const { slice, micro } of held) {
        left -= micro;
        if (left <= most) return leavesAt(slice);
      }
      return Number.POSITIVE_INFINITY;
    },
    endsAt: () => undefined,
    entries(now) {
      drop(now);
      return held.map(({ slice, micro }) => [slice * sliceMs, micro] as const);
    },
  };
}
