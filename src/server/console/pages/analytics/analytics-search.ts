import type { LogAnalyticsParams } from '../../../../resources/log-analytics.ts';
import { consolePath } from '../../console-env.ts';

/** What the page is asked for, as its address has it. */
export interface AnalyticsSearch {
  /** A key of {@link spans}. */
  readonly range: string;
  /** What is kept apart: a value of `by`, or `metadata`, whose key stands in `key`. */
  readonly by: string;
  readonly key: string;
  readonly provider: string;
  readonly model: string;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How far back, and in which pieces: about fifty each. */
export const spans: Readonly<
  Record<string, { readonly label: string; readonly backMs: number; readonly everyMs: number }>
> = {
  '1h': { label: 'Last hour', backMs: hour, everyMs: minute },
  '24h': { label: 'Last 24 hours', backMs: day, everyMs: 30 * minute },
  '7d': { label: 'Last 7 days', backMs: 7 * day, everyMs: 3 * hour },
  '30d': { label: 'Last 30 days', backMs: 30 * day, everyMs: 12 * hour },
  '90d': { label: 'Last 90 days', backMs: 90 * day, everyMs: 2 * day },
};

/** What may be kept apart, by the name in the address. */
export const groups = {
  model: 'Model',
  provider: 'Provider',
  config: 'Config',
  virtualKey: 'Virtual key',
  endpoint: 'Endpoint',
  status: 'Status',
  metadata: 'Metadata',
} as const;

/** Reads the query of an address; what it does not know is as if it were not there. */
export function readAnalyticsSearch(query: URLSearchParams): AnalyticsSearch {
  const text = (name: string) => query.get(name)?.trim() ?? '';
  return {
    range: Object.hasOwn(spans, text('range')) ? text('range') : '24h',
    by: Object.hasOwn(groups, text('by')) ? text('by') : 'model',
    key: text('key'),
    provider: text('provider'),
    model: text('model'),
  };
}

/** The requests that the page is about, up to `now`. */
export function askedFor(
  { range, provider, model }: AnalyticsSearch,
  now: number,
): LogAnalyticsParams & { readonly from: number } {
  const { backMs, everyMs } = spanOf(range);
  return {
    // The first piece of time is a whole one.
    from: Math.floor((now - backMs) / everyMs) * everyMs,
    ...(provider === '' ? {} : { provider }),
    ...(model === '' ? {} : { model }),
  };
}

/** The span of a range. */
export function spanOf(range: string) {
  return spans[range] ?? { label: range, backMs: day, everyMs: hour };
}

/** What is kept apart; undefined where a key of metadata is still to be named. */
export function groupedBy({ by, key }: AnalyticsSearch): NonNullable<LogAnalyticsParams['by']> | undefined {
  if (by !== 'metadata') return by as 'model';
  return key === '' ? undefined : `metadata.${key}`;
}

/** The logs of one group. */
export function groupLogsUrl({ by, key, range }: AnalyticsSearch, group: string): string | undefined {
  const names: Readonly<Record<string, string>> = {
    model: 'model',
    provider: 'provider',
    config: 'config',
    virtualKey: 'virtual_key',
    status: 'status',
  };
  const name = names[by];
  if (group === '' || (name === undefined && by !== 'metadata')) return undefined;
  const query = new URLSearchParams({
    ...(range === '90d' ? {} : { range }),
    [name ?? 'metadata']: name === undefined ? `${key}=${group}` : group,
  });
  return `${consolePath}/logs?${query}`;
}
