import type { DatabaseSync } from 'node:sqlite';
import type { LogFigures, LogFiguresBy, LogFiguresQuery } from '../../../core/log-figures.ts';
import type { Prepared } from './statements.ts';
import { inTransaction } from './transaction.ts';

/** An hour of UTC, in milliseconds. */
export const hourMs = 3_600_000;

/** Whole hours since the epoch, the second not included. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/** Sums of one file record by record. */
export type PlainFigures = (query: LogFiguresQuery) => readonly LogFigures[];

/** What hours are kept apart by: a member of the records, or nothing. */
export type HoursBy = Exclude<LogFiguresBy, `metadata.${string}`> | undefined;

/** Hours summed up in one go: others who write wait so long. */
const hoursAtOnce = 24;

/** Sums up the hours that are not yet, and keeps the sums. Whoever changes an hour throws its sums away: {@link forgetHours}. */
export function keepHours(database: DatabaseSync, plain: PlainFigures, by: HoursBy, missing: readonly number[]): void {
  const insert = database.prepare('INSERT OR REPLACE INTO log_hour (by, hour, sums) VALUES (?, ?, ?)');
  for (let at = 0; at < missing.length; at += hoursAtOnce)
    inTransaction(database, () => {
      const some = missing.slice(at, at + hoursAtOnce);
      for (const hour of some) {
        const figures = plain({ from: hour * hourMs, to: (hour + 1) * hourMs, ...(by === undefined ? {} : { by }) });
        insert.run(by ?? '', hour, JSON.stringify(figures));
      }
    });
}

/** Hours with records whose sums are not kept. */
export function missingHours(prepared: Prepared, by: HoursBy, { from, to }: Hours): readonly number[] {
  const kept = prepared('SELECT hour FROM log_hour WHERE by = ? AND hour >= ? AND hour < ?').all(by ?? '', from, to);
  const known = new Set(kept.map(({ hour }) => Number(hour)));
  return hoursWithRecords(prepared, { from, to }).filter((hour) => !known.has(hour));
}

/** From one record the next hour is looked for, however far it is. */
function hoursWithRecords(prepared: Prepared, { from, to }: Hours): readonly number[] {
  const next = prepared('SELECT MIN(started_at) AS time FROM log WHERE started_at >= ?');
  const found: number[] = [];
  for (let hour = from; hour < to; hour++) {
    const time = next.get(hour * hourMs)?.time;
    if (typeof time !== 'number') break;
    hour = Math.floor(time / hourMs);
    if (hour < to) found.push(hour);
  }
  return found;
}

/** What the kept sums of these hours say: figures of each hour and group. */
export function* keptFigures(
  prepared: Prepared,
  { everyMs, by }: { readonly everyMs?: number; readonly by: HoursBy },
  { from, to }: Hours,
): Iterable<LogFigures> {
  const rows = prepared('SELECT hour, sums FROM log_hour WHERE by = ? AND hour >= ? AND hour < ?');
  for (const { hour, sums } of rows.iterate(by ?? '', from, to)) {
    const time = everyMs === undefined ? 0 : Math.floor((Number(hour) * hourMs) / everyMs) * everyMs;
    for (const figures of JSON.parse(String(sums)) as readonly LogFigures[]) yield { ...figures, time };
  }
}

/** The hours of these times have changed. */
export function forgetHours(prepared: Prepared, times: readonly number[]): void {
  const forget = prepared('DELETE FROM log_hour WHERE hour = ?');
  for (const hour of new Set(times.map((time) => Math.floor(time / hourMs)))) forget.run(hour);
}
