import type { LogMark, LogOutcome } from './log-record.ts';
import type { CacheStatus } from './reply.ts';

/** What to look for. Everything given must hold. */
export interface LogQuery {
  readonly traceId?: string;
  readonly outcome?: LogOutcome;
  /** HTTP statuses, any of them. */
  readonly statuses?: readonly number[];
  readonly provider?: string;
  readonly model?: string;
  readonly virtualKey?: string;
  readonly configId?: string;
  readonly endpoint?: string;
  readonly mark?: LogMark;
  /** What the cache said, any of them. */
  readonly cache?: readonly CacheStatus[];
  /** Each of these with just this value. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Started at or after this time, milliseconds since the epoch. */
  readonly from?: number;
  /** Started before this time. */
  readonly to?: number;
  /** With their bodies; a list leaves them out otherwise. */
  readonly bodies?: boolean;
  /** At most so many, 1 to `mostPerPage`. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: LogPosition;
}

/** The place of a record in the order of a list. */
export interface LogPosition {
  readonly startedAt: number;
  readonly id: string;
}
