import { type CalendarUnit, calendarUnits } from './calendar.ts';

/** How long a budget lasts and when it begins anew. Equal ones have the same key. */
export type BudgetPeriod =
  | { readonly reset: 'calendar'; readonly unit: CalendarUnit; readonly timeZone: string }
  | { readonly reset: 'rolling'; readonly ms: number };

/** Milliseconds of the longest period, ten years. */
export const longestPeriodMs = 3650 * 86_400_000;

const dayMs = 86_400_000;
const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: dayMs,
  w: 7 * dayMs,
  mo: 30 * dayMs,
  y: 365 * dayMs,
};
const lengthOf: Readonly<Record<CalendarUnit, number>> = {
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
  year: 365 * dayMs,
};

/** Is `text` a period of the calendar? */
export function isCalendarUnit(text: string): text is CalendarUnit {
  return (calendarUnits as readonly string[]).includes(text);
}

/** Milliseconds of `day`, `week`, `month` (30 days), `year` (365) or of `30s`, `10m`, `1h`, `30d`, `2w`, `1mo`, `1y`; undefined for any other text. */
export function periodMs(text: string): number | undefined {
  if (isCalendarUnit(text)) return lengthOf[text];
  const [, count, unit] = /^(\d{1,9})(s|m|h|d|w|mo|y)$/.exec(text) ?? [];
  const ms = Number(count) * (unitMs[unit ?? ''] ?? Number.NaN);
  return ms > 0 && ms <= longestPeriodMs ? ms : undefined;
}

/** A period as a user writes it. */
export interface PeriodText {
  /** See {@link periodMs}. */
  readonly period: string;
  /** Default: `calendar` for the calendar's own periods, else `rolling`. */
  readonly reset?: 'calendar' | 'rolling' | undefined;
  /** Default UTC. */
  readonly timezone?: string | undefined;
}

/** What a checked text means. */
export function toPeriod({ period, reset, timezone = 'UTC' }: PeriodText): BudgetPeriod {
  if (isCalendarUnit(period) && reset !== 'rolling') return { reset: 'calendar', unit: period, timeZone: timezone };
  return { reset: 'rolling', ms: periodMs(period) ?? 0 };
}

/** What tells periods apart: `month Europe/Berlin`, `rolling 3600000`. */
export function keyOf(period: BudgetPeriod): string {
  return period.reset === 'calendar' ? `${period.unit} ${period.timeZone}` : `rolling ${period.ms}`;
}

/** The period that {@link keyOf} tells from others by `key`; undefined for any other text. */
export function fromKey(key: string): BudgetPeriod | undefined {
  const [kind = '', value = '', ...more] = key.split(' ');
  if (value === '' || more.length > 0) return undefined;
  if (kind !== 'rolling') return isCalendarUnit(kind) ? { reset: 'calendar', unit: kind, timeZone: value } : undefined;
  const ms = Number(value);
  return ms > 0 && ms <= longestPeriodMs ? { reset: 'rolling', ms } : undefined;
}
