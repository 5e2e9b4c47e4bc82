import { type LogMark, type LogRecord, logMarks } from '../../core/log-record.ts';
import { type CacheStatus, cacheStatuses } from '../../core/reply.ts';

/** Marks as the bits of a number. Their order is kept in databases: new ones are added at the end of `logMarks`. */
export function markBits(marks: readonly LogMark[]): number {
  return marks.reduce((bits, mark) => bits | (1 << logMarks.indexOf(mark)), 0);
}

/** Above the marks stands what the cache said, a number from 1 on. */
const cacheShift = 8;

/** What a record's column `marks` holds: its marks and what the cache said, so that one index serves to look for both. */
export function markColumn({ marks, cache }: Pick<LogRecord, 'marks' | 'cache'>): number {
  return markBits(marks) | (cacheNumber(cache) << cacheShift);
}

/** A condition on the column: the cache said one of these. */
export function cacheCondition(column: string, statuses: readonly CacheStatus[]): string {
  return `((${column} >> ${cacheShift}) & 7) IN (${statuses.map(cacheNumber).join(', ')})`;
}

/** Gives the column of older records, which know their marks alone, what the cache said. `status`: where the record says it. */
export function cacheUpdate(table: string, status: string): string {
  const cases = cacheStatuses.map((name) => `WHEN '${name}' THEN ${cacheNumber(name) << cacheShift}`);
  return `UPDATE ${table} SET marks = marks | CASE ${status} ${cases.join(' ')} ELSE 0 END;`;
}

function cacheNumber(status: CacheStatus): number {
  return cacheStatuses.indexOf(status) + 1;
}
