import { InvalidRequestError } from '../core/errors/request-errors.ts';
import { type LogFigures, type LogFiguresBy, latencyAt, logFiguresBy } from '../core/log-figures.ts';
import type { LogStore } from '../core/log-store.ts';
import { figuresOf } from '../observe/logs/figures-of.ts';
import { type LogListParams, toLogQuery } from './log-params.ts';

/** What to sum up. Everything that {@link LogListParams} looks for must hold. */
export interface LogAnalyticsParams extends Omit<LogListParams, 'bodies' | 'limit' | 'after'> {
  /** What to keep apart: `provider`, `model`, `virtualKey`, `config`, `endpoint`, `status`, or `metadata.` and a key. Default: nothing. */
  readonly by?:
    | 'provider'
    | 'model'
    | 'virtualKey'
    | 'config'
    | 'endpoint'
    | 'status'
    | `metadata.${string}`
    | undefined;
  /** Milliseconds of one piece of time, at least 1000, counted from the epoch (3,600,000: an hour of UTC). Default: all time together. */
  readonly every?: number | undefined;
}

/** What the requests of one piece of time and one group come to. */
export interface LogAnalyticsRow extends Omit<LogFigures, 'latency'> {
  /** Milliseconds that half of the requests took at most, and so on, to about 2.5 %; absent where there are none whose caller stayed. */
  readonly latencyMs?: { readonly p50: number; readonly p90: number; readonly p95: number; readonly p99: number };
  /** What hits of the cache would have cost, had each cost what the others in this row did on average: an estimate, in millionths of a US dollar. */
  readonly cacheSavedMicroUsd: number;
}

/** Sums, in the order of time, and within it the group with the most requests first. */
export interface LogAnalytics {
  readonly object: 'analytics';
  readonly data: readonly LogAnalyticsRow[];
}

/** Sums over the records of `store`. Throws `InvalidRequestError` for what cannot be meant. */
export async function logAnalytics(
  store: LogStore,
  { by, every, ...asked }: LogAnalyticsParams,
): Promise<LogAnalytics> {
  if (every !== undefined && !(Number.isInteger(every) && every >= 1000))
    throw new InvalidRequestError('every', '"every" is a whole number of milliseconds, at least 1000.');
  const paged = Object.keys(asked).find((name) => ['limit', 'after', 'bodies'].includes(name));
  if (paged !== undefined) throw new InvalidRequestError(paged, `Sums have no "${paged}".`);
  const { limit, ...query } = toLogQuery(asked);
  const figures = await figuresOf(store, {
    ...query,
    ...(every === undefined ? {} : { everyMs: every }),
    ...(by === undefined ? {} : { by: memberOf(by) }),
  });
  return { object: 'analytics', data: figures.map(toRow) };
}

function memberOf(by: string): LogFiguresBy {
  const member = by === 'config' ? 'configId' : by;
  const isKnown = (logFiguresBy as readonly string[]).includes(member) || /^metadata\../.test(member);
  if (isKnown) return member as LogFiguresBy;
  const valid = 'provider, model, virtualKey, config, endpoint, status, or metadata. and a key';
  throw new InvalidRequestError('by', `"by" is one of ${valid}.`);
}

function toRow({ latency, ...figures }: LogFigures): LogAnalyticsRow {
  const at = (part: number) => latencyAt(latency, part);
  const [p50, p90, p95, p99] = [at(0.5), at(0.9), at(0.95), at(0.99)];
  const isKnown = p50 !== undefined && p90 !== undefined && p95 !== undefined && p99 !== undefined;
  return {
    ...figures,
    ...(isKnown ? { latencyMs: { p50, p90, p95, p99 } } : {}),
    cacheSavedMicroUsd: savedBy(figures),
  };
}

function savedBy({ microUsd, priced, cacheHits }: Omit<LogFigures, 'latency'>): number {
  return priced === 0 ? 0 : Math.round((microUsd / priced) * cacheHits);
}
