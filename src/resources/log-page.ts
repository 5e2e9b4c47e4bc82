import type { Feedback, LogRecord } from '../core/log-record.ts';

/** A logged request with the feedback on its trace. */
export interface LogEntry extends LogRecord {
  readonly feedback: readonly Feedback[];
}

/** One page of logged requests. */
export interface LogListPage {
  readonly object: 'list';
  readonly data: readonly LogEntry[];
  readonly has_more: boolean;
  /** For `after` of the next page; null on the last. */
  readonly next: string | null;
}

/** A page to come; iterating it goes through its entries and those of all that follow. */
export type LogPagePromise = Promise<LogListPage> & AsyncIterable<LogEntry>;

/** `first`, iterable through all pages that follow. */
export function iterable(first: Promise<LogListPage>, next: (after: string) => Promise<LogListPage>): LogPagePromise {
  return Object.assign(first, {
    async *[Symbol.asyncIterator]() {
      for (let page = await first; ; page = await next(page.next)) {
        yield* page.data;
        if (page.next === null) return;
      }
    },
  });
}
