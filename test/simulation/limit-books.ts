import type { AccountFact, MeterFact } from './target-facts.ts';

/** What was really sent and spent, kept apart from what the engine believes. */
export interface LimitBooks {
  /** A call went out that takes `amount` of a limit. */
  sent(meter: MeterFact, amount: number, now: number): void;
  /** A reply cost so much, which counts from `at` on. Clock milliseconds; not always in order. */
  spent(account: AccountFact, micro: number, at: number): void;
  /** May there have been no room for a call at some time from `since` on? */
  mayHaveLacked(meter: MeterFact, since: number, now: number): boolean;
  /** Is there room for one more request now? Only of limits of requests. */
  hasRoom(meter: MeterFact, now: number): boolean;
}

interface Book {
  entries: { readonly at: number; readonly amount: number }[];
  /** Until then there may be no room. */
  lackedUntil: number;
}

/**
 * Keeps the books of one process, or of several that share. `slackMs`: what reaches the network may be this much later than it was
 * counted. `broken` hears of every limit that is exceeded.
 */
export function limitBooks(slackMs: number, broken: (problem: string) => void): LimitBooks {
  const books = new Map<string, Book>();
  const bookOf = (key: string) => {
    const book = books.get(key) ?? { entries: [], lackedUntil: 0 };
    books.set(key, book);
    return book;
  };
  const prune = (book: Book, before: number) => {
    while (book.entries[0] !== undefined && book.entries[0].at <= before) book.entries.shift();
    return book.entries.reduce((sum, { amount }) => sum + amount, 0);
  };
  return {
    sent({ key, of, limit, windowMs }, amount, now) {
      const book = bookOf(key);
      prune(book, now - windowMs);
      book.entries.push({ at: now, amount });
      const within = book.entries.filter(({ at }) => at > now - windowMs + slackMs);
      const used = within.reduce((sum, entry) => sum + entry.amount, 0);
      if (used > limit) broken(`${key}: ${used} ${of} within ${windowMs} ms, ${limit} are allowed`);
      // Of tokens nobody here knows what the engine has put aside.
      const first = book.entries[0]?.at ?? now;
      if (of !== 'requests') book.lackedUntil = now + windowMs;
      else if (prune(book, now - windowMs) >= limit) book.lackedUntil = first + windowMs;
    },
    spent({ key, micro, periodMs, isCalendar }, cost, at) {
      const { entries } = bookOf(`money ${key}`);
      const place = entries.findLastIndex((entry) => entry.at <= at) + 1;
      entries.splice(place, 0, { at, amount: cost });
      const sumFrom = (from: number, to: number) =>
        entries.reduce((sum, entry) => (entry.at >= from && entry.at < to ? sum + entry.amount : sum), 0);
      const day = Math.floor(at / periodMs) * periodMs;
      const totals = isCalendar
        ? [sumFrom(day, day + periodMs)]
        : entries
            .slice(place)
            .map((last) => (last.at - at < periodMs ? sumFrom(last.at - periodMs + slackMs + 1, last.at + 1) : 0));
      const most = Math.max(...totals);
      if (most > micro) broken(`the budget of ${key}, ${micro} per ${periodMs} ms, is overspent: ${most}`);
    },
    mayHaveLacked({ key, of, limit }, since, now) {
      // A limit that may be too small for any call.
      if (of !== 'requests' && limit < 60) return true;
      return (books.get(key)?.lackedUntil ?? 0) >= Math.min(since, now);
    },
    hasRoom({ key, limit, windowMs }, now) {
      const book = books.get(key);
      return book === undefined || prune(book, now - windowMs) < limit;
    },
  };
}
