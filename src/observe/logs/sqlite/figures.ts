import type { DatabaseSync } from 'node:sqlite';
import type { LogFigures, LogFiguresQuery } from '../../../core/log-figures.ts';
import { mergedFigures } from '../figures.ts';
import { fromFiguresRows, type SqlFiguresDialect, sqlFigures } from '../sql-figures.ts';
import { type Hours, type HoursBy, hourMs, keepHours, keptFigures, missingHours } from './hours.ts';
import type { Prepared } from './statements.ts';

/** Hours whose records are sorted at once. SQLite sorts to sum up: a month in one go takes many times as long as its days. */
const chunkHours = 24;

/**
 * Sums over the records of one file. What is asked without a filter is kept by the hour once it was summed up; all else is summed up record
 * by record, a day at a time.
 */
export function sqliteFigures(
  database: DatabaseSync,
  prepared: Prepared,
  dialect: SqlFiguresDialect,
): (query: LogFiguresQuery) => readonly LogFigures[] {
  function plain(query: LogFiguresQuery): readonly LogFigures[] {
    const { text, params } = sqlFigures(query, dialect);
    const rows = prepared(text).all(...params);
    return fromFiguresRows(rows.map((row) => Object.values(row)));
  }

  /** What cannot be kept, as another process writes, is summed up again. */
  function keep(by: HoursBy, hours: Hours): void {
    try {
      keepHours(database, plain, by, missingHours(prepared, by, hours));
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  }

  function* kept(query: LogFiguresQuery, by: HoursBy, hours: Hours): Iterable<LogFigures> {
    yield* keptFigures(prepared, { ...query, by }, hours);
    for (const hour of missingHours(prepared, by, hours)) yield* plain(within(query, { from: hour, to: hour + 1 }));
  }

  function* byChunks(query: LogFiguresQuery, { from, to }: Hours): Iterable<LogFigures> {
    for (let at = from; at < to; at += chunkHours)
      yield* plain(within(query, { from: at, to: Math.min(at + chunkHours, to) }));
  }

  return (query) => {
    if (query.statuses?.length === 0) return [];
    const hours = hoursWithin(prepared, query);
    if (hours === undefined) return plain(query);
    const known = knownBy(query);
    if (known !== undefined) keep(known.by, hours);
    // One view of the file for all parts.
    database.exec('BEGIN');
    try {
      const [start, end] = [hours.from * hourMs, hours.to * hourMs];
      return mergedFigures([
        ...(query.from !== undefined && query.from < start ? plain({ ...query, to: start }) : []),
        ...(known === undefined ? byChunks(query, hours) : kept(query, known.by, hours)),
        ...(query.to === undefined || query.to > end ? plain({ ...query, from: end }) : []),
      ]);
    } finally {
      database.exec('COMMIT');
    }
  };
}

function within(query: LogFiguresQuery, { from, to }: Hours): LogFiguresQuery {
  return { ...query, from: from * hourMs, to: to * hourMs };
}

/** By what kept hours answer the query; undefined where they cannot. */
function knownBy({ from: _from, to: _to, everyMs = hourMs, by, ...filters }: LogFiguresQuery) {
  if (everyMs % hourMs !== 0 || by?.startsWith('metadata.') === true) return undefined;
  const isFiltered = Object.values(filters).some((filter) => filter !== undefined);
  return isFiltered ? undefined : { by: by as HoursBy };
}

/** Whole hours of the time asked for, without the latest, which still changes; undefined where there are none, or too many for their records. */
function hoursWithin(prepared: Prepared, { from, to }: Pick<LogFiguresQuery, 'from' | 'to'>): Hours | undefined {
  const { first, last } = prepared(
    'SELECT (SELECT MIN(started_at) FROM log) AS first, (SELECT MAX(started_at) FROM log) AS last',
  ).get() ?? { first: null, last: null };
  if (typeof first !== 'number' || typeof last !== 'number' || first < 0) return undefined;
  const oldest = Math.floor(first / hourMs);
  const hours = {
    from: from === undefined ? oldest : Math.max(oldest, Math.ceil(from / hourMs)),
    to: Math.min(Math.floor(last / hourMs), to === undefined ? Number.POSITIVE_INFINITY : Math.floor(to / hourMs)),
  };
  return hours.from < hours.to && hours.to - hours.from <= mostHours ? hours : undefined;
}

/** Ten years: records of other times are few, and quicker read than looked for. */
const mostHours = 10 * 366 * 24;

/** `SQLITE_BUSY`, source: https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && (error as { readonly errcode?: unknown }).errcode === 5;
}
