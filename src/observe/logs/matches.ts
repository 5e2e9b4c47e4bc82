import type { LogPosition, LogQuery } from '../../core/log-query.ts';
import type { LogRecord } from '../../core/log-record.ts';

/** Does `record` match `query`, its position apart? */
export function matches(record: LogRecord, query: Omit<LogQuery, 'limit'>): boolean {
  return (
    hasSame(record, query) &&
    (query.from === undefined || record.startedAt >= query.from) &&
    (query.to === undefined || record.startedAt < query.to) &&
    (query.statuses === undefined || (record.status !== undefined && query.statuses.includes(record.status))) &&
    (query.cache === undefined || query.cache.includes(record.cache)) &&
    (query.mark === undefined || record.marks.includes(query.mark)) &&
    hasMetadata(record.metadata, query.metadata)
  );
}

const compared = ['traceId', 'outcome', 'provider', 'model', 'virtualKey', 'configId', 'endpoint'] as const;

function hasSame(record: LogRecord, query: Omit<LogQuery, 'limit'>): boolean {
  return compared.every((name) => query[name] === undefined || record[name] === query[name]);
}

function hasMetadata(given: Readonly<Record<string, string>>, wanted: LogQuery['metadata']): boolean {
  if (wanted === undefined) return true;
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(given, key) && given[key] === value);
}

/** Negative when `a` comes before `b` in a list: the later first, then the greater ID. */
export function byPosition(a: LogPosition, b: LogPosition): number {
  if (a.startedAt !== b.startedAt) return b.startedAt - a.startedAt;
  if (a.id === b.id) return 0;
  return a.id > b.id ? -1 : 1;
}
