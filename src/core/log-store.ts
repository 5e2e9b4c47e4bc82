import type { LogFigures, LogFiguresQuery } from './log-figures.ts';
import type { LogQuery } from './log-query.ts';
import type { Feedback, LogRecord } from './log-record.ts';

/**
 * Where log records are kept. Every method may answer at once or with a promise. A store that throws, rejects or hangs harms no
 * request: what cannot be written is dropped and counted.
 */
export interface LogStore {
  /** Writes records, in any order. One whose ID is there already is left as it was: a batch may come twice. */
  append(records: readonly LogRecord[]): unknown;
  /** Records that match, the latest first, equal times by ID. */
  list(query: LogQuery): LogPage | Promise<LogPage>;
  /** Sums over the records that match, in the order of time. Absent: whoever asks goes through the records, which takes longer. */
  figures?(query: LogFiguresQuery): readonly LogFigures[] | Promise<readonly LogFigures[]>;
  get(id: string): LogRecord | undefined | Promise<LogRecord | undefined>;
  /** Adds feedback, or replaces one of the same ID. The trace need not be there (yet). */
  putFeedback(feedback: Feedback): unknown;
  /** What is known of this feedback, for a change of it. */
  feedback(id: string): Feedback | undefined | Promise<Feedback | undefined>;
  /** Feedback on these traces, the oldest first. */
  feedbackOn(traceIds: readonly string[]): readonly Feedback[] | Promise<readonly Feedback[]>;
  /** Removes what is older or more than `limits` allow. Returns the number of records removed. */
  prune(limits: LogLimits): number | Promise<number>;
  /** Lets go of files and connections; what was appended is safe. Nothing is asked of it afterwards. */
  close(): unknown;
  /** How a batch is made for it: absent for a store that takes records at no cost. */
  readonly batch?: LogBatch;
}

/** When records are handed to a store: as soon as there are `records` of them, or after `delayMs`. */
export interface LogBatch {
  readonly records: number;
  readonly delayMs: number;
}

/** Records in one page at most. */
export const mostPerPage = 1000;

/** A part of a list. */
export interface LogPage {
  readonly records: readonly LogRecord[];
  readonly hasMore: boolean;
}

/** What a store may hold. An absent limit does not limit. */
export interface LogLimits {
  /** Records that started before this time go; milliseconds since the epoch. */
  readonly before?: number;
  /** More records than this: the oldest go. */
  readonly records?: number;
}
