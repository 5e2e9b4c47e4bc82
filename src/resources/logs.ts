import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { Feedback, LogRecord } from '../core/log-record.ts';
import type { LogStore } from '../core/log-store.ts';
import { type LogListParams, toCursor, toLogQuery } from './log-params.ts';

/** `portkey.logs` */
export interface Logs {
  /** Requests that match, the latest first. Iterating goes through all pages. */
  list(params?: LogListParams): LogPagePromise;
  /** The request with this ID; null when it is not (or no longer) there. */
  get(id: string): Promise<LogEntry | null>;
}

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

/** The logs that a client may ask. */
export interface LogAccess {
  readonly store: LogStore;
  flush(): Promise<void>;
}

/** The logs resource of a client; `access` is undefined where it keeps none. */
export function logs(access: LogAccess | undefined): Logs {
  async function opened(): Promise<LogStore> {
    if (access === undefined)
      throw new InvalidRequestError('logs', 'This client keeps no logs: its option "logs" is false.');
    // What was called a moment ago is looked for, too.
    await access.flush();
    return access.store;
  }

  async function withFeedback(store: LogStore, records: readonly LogRecord[]): Promise<readonly LogEntry[]> {
    const feedback = await store.feedbackOn([...new Set(records.map(({ traceId }) => traceId))]);
    return records.map((record) => ({
      ...record,
      feedback: feedback.filter(({ traceId }) => traceId === record.traceId),
    }));
  }

  async function page(params: LogListParams): Promise<LogListPage> {
    const query = toLogQuery(params);
    const store = await opened();
    const { records, hasMore } = await store.list(query);
    const last = records.at(-1);
    return {
      object: 'list',
      data: await withFeedback(store, records),
      has_more: hasMore,
      next: hasMore && last !== undefined ? toCursor(last) : null,
    };
  }

  return {
    list: (params = {}) => iterable(page(params), (after) => page({ ...params, after })),
    async get(id) {
      const store = await opened();
      const record = await store.get(id);
      return record === undefined ? null : ((await withFeedback(store, [record]))[0] ?? null);
    },
  };
}

function iterable(first: Promise<LogListPage>, next: (after: string) => Promise<LogListPage>): LogPagePromise {
  return Object.assign(first, {
    async *[Symbol.asyncIterator]() {
      for (let page = await first; ; page = await next(page.next)) {
        yield* page.data;
        if (page.next === null) return;
      }
    },
  });
}
