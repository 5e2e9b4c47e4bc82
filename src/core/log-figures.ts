import type { LogQuery } from './log-query.ts';

/** What to sum up: the records that match, by time and by what they have in common. */
export interface LogFiguresQuery extends Omit<LogQuery, 'limit' | 'after' | 'bodies'> {
  /** Milliseconds of one piece of time, counted from the epoch; absent: all time together. */
  readonly everyMs?: number;
  /** What is kept apart; absent: all together. */
  readonly by?: LogFiguresBy;
}

/** What records may be kept apart by: a member of theirs, or `metadata.` and a key. */
export type LogFiguresBy = (typeof logFiguresBy)[number] | `metadata.${string}`;

/** Members that records may be kept apart by. */
export const logFiguresBy = ['provider', 'model', 'virtualKey', 'configId', 'endpoint', 'status'] as const;

/** Sums over the records of one piece of time that have the same value of what is kept apart. */
export interface LogFigures {
  /** Start of the piece of time, milliseconds since the epoch; 0 where time is not parted. */
  readonly time: number;
  /** The value they have in common; empty where they have none, or nothing is kept apart. */
  readonly group: string;
  readonly requests: number;
  readonly failures: number;
  /** Their caller left. */
  readonly aborted: number;
  /** They succeeded, and would have failed without a retry, or without a fallback. Both: by the fallback. */
  readonly rescuedByRetry: number;
  readonly rescuedByFallback: number;
  readonly cacheHits: number;
  /** Tokens of answers, as their providers counted them; answers out of the cache count none. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Millionths of a US dollar, and how many requests it is known of. */
  readonly microUsd: number;
  readonly priced: number;
  /** Requests by how long they took: the place is {@link latencyBin}. Requests whose caller left are not among them. */
  readonly latency: Readonly<Record<number, number>>;
}

const widening = Math.log(1.05);
const leastMs = 0.1;

/** The bin of a time: each is 5 % wider than the one before, 0 holds all up to 0.1 ms. */
export function latencyBin(ms: number): number {
  return ms <= leastMs ? 0 : Math.floor(Math.log(ms / leastMs) / widening);
}

/** The middle of a bin, in milliseconds: at most 2.5 % from every time in it. */
export function binMiddleMs(bin: number): number {
  return leastMs * Math.exp((bin + 0.5) * widening);
}

/** The time in milliseconds below which this part of the requests stayed, 0 to 1; undefined without requests. */
export function latencyAt(latency: LogFigures['latency'], part: number): number | undefined {
  const bins = Object.entries(latency)
    .map(([bin, count]) => [Number(bin), count] as const)
    .sort(([a], [b]) => a - b);
  const total = bins.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [bin, count] of bins) {
    seen += count;
    if (seen >= total * part) return binMiddleMs(bin);
  }
  return undefined;
}
