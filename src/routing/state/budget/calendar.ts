/** A period of the calendar. Weeks begin on Monday. */
export const calendarUnits = ['day', 'week', 'month', 'year'] as const;

/** One of {@link calendarUnits}. */
export type CalendarUnit = (typeof calendarUnits)[number];

/** From `start` until before `end`, in clock milliseconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The period that holds a moment, as people in `timeZone` (an IANA name) live it: a day may have 23 or 25 hours, and where midnight is
 * skipped it begins at the first moment after. Remembers the last answer: to work one out takes some hundred microseconds.
 */
export function calendar(unit: CalendarUnit, timeZone: string): (now: number) => Span {
  const dayAt = localDays(timeZone);
  let known: Span | undefined;
  return (now) => {
    if (known !== undefined && now >= known.start && now < known.end) return known;
    const first = firstDay[unit](dayAt(now));
    known = { start: beginning(first, dayAt), end: beginning(nextDay[unit](first), dayAt) };
    return known;
  };
}

/** Calendars by unit and time zone, each made once: its formatter is large. */
export type Calendars = (unit: CalendarUnit, timeZone: string) => (now: number) => Span;

/** No calendars made yet. */
export function createCalendars(): Calendars {
  const known = new Map<string, (now: number) => Span>();
  return (unit, timeZone) => {
    const key = `${unit} ${timeZone}`;
    const found = known.get(key) ?? calendar(unit, timeZone);
    known.set(key, found);
    return found;
  };
}

/** Is this the name of a time zone that the runtime knows? */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** A moment's local date, as days since 1970-01-01. Never falls as time goes on. */
function localDays(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' });
  return (at) => {
    const date = { year: 0, month: 0, day: 0 };
    for (const { type, value } of format.formatToParts(at)) if (type in date) date[type as keyof typeof date] = +value;
    return Date.UTC(date.year, date.month - 1, date.day) / dayMs;
  };
}

/** The first moment of a local day. No zone is further from UTC than 14 hours. */
function beginning(day: number, dayAt: (at: number) => number): number {
  let before = day * dayMs - 15 * hourMs;
  let within = day * dayMs + 15 * hourMs;
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (dayAt(middle) >= day) within = middle;
    else before = middle;
  }
  return within;
}

const firstDay: Readonly<Record<CalendarUnit, (day: number) => number>> = {
  day: (day) => day,
  // 1970-01-01 was a Thursday.
  week: (day) => day - ((((day + 3) % 7) + 7) % 7),
  month: (day) => dayOf(yearOf(day), monthOf(day)),
  year: (day) => dayOf(yearOf(day), 0),
};

const nextDay: Readonly<Record<CalendarUnit, (first: number) => number>> = {
  day: (first) => first + 1,
  week: (first) => first + 7,
  month: (first) => dayOf(yearOf(first), monthOf(first) + 1),
  year: (first) => dayOf(yearOf(first) + 1, 0),
};

function dayOf(year: number, month: number): number {
  return Date.UTC(year, month, 1) / dayMs;
}

function yearOf(day: number): number {
  return new Date(day * dayMs).getUTCFullYear();
}

function monthOf(day: number): number {
  return new Date(day * dayMs).getUTCMonth();
}
