import type { LogMark, LogOutcome } from '../../../../core/log-record.ts';
import type { CacheStatus } from '../../../../core/reply.ts';
import type { LogListParams } from '../../../../resources/log-params.ts';
import { consolePath } from '../../console-env.ts';

/** What the address of the list looks for, as its form has it: texts by name, without empty ones. */
export type LogSearch = Readonly<Partial<Record<SearchName, string>>>;

const names = [
  'range',
  'from',
  'to',
  'outcome',
  'status',
  'trace_id',
  'provider',
  'model',
  'config',
  'virtual_key',
  'mark',
  'cache',
  'metadata',
  'after',
] as const;

/** A field of the search. */
export type SearchName = (typeof names)[number];

const ranges: Readonly<Record<string, number>> = {
  '15m': 15 * 60_000,
  '1h': 60 * 60_000,
  '24h': 24 * 60 * 60_000,
  '7d': 7 * 24 * 60 * 60_000,
  '30d': 30 * 24 * 60 * 60_000,
};

/** Reads the query of an address; what it does not know is passed over. */
export function readSearch(query: URLSearchParams): LogSearch {
  const given = names.flatMap((name) => {
    const value = query.getAll(name).join(', ').trim();
    return value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

/** The address of a list, with this search. `list`: below the console. */
export function searchUrl(search: LogSearch, list = '/logs'): string {
  const query = new URLSearchParams(Object.entries(search).filter(([, value]) => value !== '')).toString();
  return `${consolePath}${list}${query === '' ? '' : `?${query}`}`;
}

/** The search as the logs are asked. Times count from `now`. What cannot be meant is refused by the logs themselves. */
export function toListParams(search: LogSearch, now: number): LogListParams {
  const rangeMs = ranges[search.range ?? ''];
  const given: LogListParams = {
    traceId: search.trace_id,
    outcome: search.outcome as LogOutcome | undefined,
    status:
      search.status === undefined
        ? undefined
        : search.status
            .split(/[\s,]+/)
            .filter((part) => part !== '')
            .map(Number),
    provider: search.provider,
    model: search.model,
    config: search.config,
    virtualKey: search.virtual_key,
    mark: search.mark === undefined ? undefined : (search.mark as LogMark),
    cache: search.cache === undefined ? undefined : (search.cache as CacheStatus),
    metadata: search.metadata === undefined ? undefined : readMetadata(search.metadata),
    from: rangeMs === undefined ? search.from : now - rangeMs,
    to: rangeMs === undefined ? search.to : undefined,
    after: search.after,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** `customer=Zoe, plan=pro`; a comma in a value is part of it where no other pair follows. */
export function readMetadata(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(/,(?=[^,=]+=)/).map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? ([pair.trim(), ''] as const) : ([pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const);
  });
  return Object.fromEntries(pairs);
}
