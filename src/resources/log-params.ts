import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { LogPosition, LogQuery } from '../core/log-query.ts';
import { type LogMark, type LogOutcome, logMarks } from '../core/log-record.ts';
import { mostPerPage } from '../core/log-store.ts';
import { type CacheStatus, cacheStatuses } from '../core/reply.ts';

/** What to look for in the logs. Everything given must hold. */
export interface LogListParams {
  readonly traceId?: string | undefined;
  /** The same as `traceId`, as calls spell it. */
  readonly traceID?: string | undefined;
  /** HTTP statuses, any of them. */
  readonly status?: number | readonly number[] | undefined;
  readonly outcome?: LogOutcome | undefined;
  readonly provider?: string | undefined;
  /** Of the target that answered; where none was asked, as the caller asked for it. */
  readonly model?: string | undefined;
  readonly virtualKey?: string | undefined;
  /** ID of the config. */
  readonly config?: string | undefined;
  /** `chat/completions`, `embeddings`, … */
  readonly endpoint?: string | undefined;
  /** `cache`, `retry`, `fallback`, `loadbalance` or `conditional`: what happened on the way. */
  readonly mark?: LogMark | undefined;
  /** What the cache said, any of them: `HIT`, `MISS`, `REFRESH`, `DISABLED`, `SEMANTIC HIT`, `SEMANTIC MISS`. */
  readonly cache?: CacheStatus | readonly CacheStatus[] | undefined;
  /** Each of these with just this value. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Started at this time or later: a date, its text (ISO 8601), or milliseconds since the epoch. */
  readonly from?: Date | string | number | undefined;
  /** Started before this time. */
  readonly to?: Date | string | number | undefined;
  /** With their bodies, where these are kept. Default false. */
  readonly bodies?: boolean | undefined;
  /** Records in one page, 1 to 1000. Default 50. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

const texts = ['provider', 'model', 'virtualKey', 'endpoint'] as const;
const outcomes: readonly LogOutcome[] = ['success', 'failure', 'aborted'];
const names: readonly string[] = [
  ...texts,
  'traceId',
  'traceID',
  'status',
  'outcome',
  'config',
  'mark',
  'cache',
  'metadata',
  'from',
  'to',
  'bodies',
  'limit',
  'after',
];

/** Checks what a caller looks for. Throws `InvalidRequestError`. */
export function toLogQuery(params: LogListParams): LogQuery {
  const unknown = Object.keys(params).find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalid(unknown, `is not known. Valid: ${names.join(', ')}`);
  const { traceId = params.traceID, status, outcome, config, mark, metadata, from, to, limit = 50, after } = params;
  const { cache } = params;
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= mostPerPage))
    throw invalid('limit', `is 1 to ${mostPerPage}`);
  const given = {
    ...Object.fromEntries(texts.map((name) => [name, text(name, params[name])])),
    traceId: text('traceId', traceId),
    configId: text('config', config),
    statuses: status === undefined ? undefined : statusesOf(status),
    outcome: oneOf('outcome', outcome, outcomes),
    mark: oneOf('mark', mark, logMarks),
    cache: cache === undefined ? undefined : cacheOf(cache),
    metadata: metadataOf(metadata),
    from: timeOf('from', from),
    to: timeOf('to', to),
    bodies: params.bodies === true ? true : undefined,
    after: after === undefined ? undefined : fromCursor(after),
  };
  return { ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), limit };
}

/** The place of a record as a text for `after`. */
export function toCursor({ startedAt, id }: LogPosition): string {
  return `${startedAt}_${id}`;
}

function fromCursor(cursor: string): LogPosition {
  const [, time, id] = /^(\d+(?:\.\d+)?)_(.+)$/s.exec(String(cursor)) ?? [];
  if (time === undefined || id === undefined) throw invalid('after', 'is `next` of a page');
  return { startedAt: Number(time), id };
}

function text(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(name, 'is a text');
}

function oneOf<Value extends string>(name: string, value: unknown, valid: readonly Value[]): Value | undefined {
  if (value === undefined || valid.includes(value as Value)) return value as Value | undefined;
  throw invalid(name, `is one of ${valid.join(', ')}`);
}

function statusesOf(status: unknown): readonly number[] {
  const list: readonly unknown[] = Array.isArray(status) ? status : [status];
  if (list.every((one): one is number => typeof one === 'number' && Number.isInteger(one))) return list;
  throw invalid('status', 'is an HTTP status such as 429, or a list of them');
}

function cacheOf(cache: unknown): readonly CacheStatus[] {
  const list: readonly unknown[] = Array.isArray(cache) ? cache : [cache];
  if (list.length > 0 && list.every((one) => cacheStatuses.some((known) => known === one)))
    return list as readonly CacheStatus[];
  throw invalid('cache', `is one of ${cacheStatuses.join(', ')}, or a list of them`);
}

function metadataOf(metadata: unknown): Readonly<Record<string, string>> | undefined {
  if (metadata === undefined) return undefined;
  const isRecord = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  if (isRecord && Object.values(metadata).every((value) => typeof value === 'string'))
    return metadata as Readonly<Record<string, string>>;
  throw invalid('metadata', 'is an object of texts, such as { "customer": "Zoe" }');
}

function timeOf(name: string, given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const time = given instanceof Date ? given.getTime() : typeof given === 'string' ? Date.parse(given) : given;
  if (typeof time === 'number' && Number.isFinite(time)) return time;
  throw invalid(name, 'is a date, its text as in 2026-01-31T12:00:00Z, or milliseconds since the epoch');
}

function invalid(name: string, problem: string): InvalidRequestError {
  return new InvalidRequestError(name, `"${name}" ${problem}.`);
}
