import type { DatabaseSync } from 'node:sqlite';
import type { LogFigures, LogFiguresQuery } from '../../../core/log-figures.ts';
import type { LogQuery } from '../../../core/log-query.ts';
import type { Feedback, LogRecord } from '../../../core/log-record.ts';
import type { LogLimits, LogPage } from '../../../core/log-store.ts';
import type { SqlFiguresDialect } from '../sql-figures.ts';
import { sqlFilter } from '../sql-filter.ts';
import { fromRow, type LogRow } from '../sql-row.ts';
import { sqliteFigures } from './figures.ts';
import { prune } from './prune.ts';
import { migrations } from './schema.ts';
import { type Prepared, preparedStatements } from './statements.ts';
import { inTransaction } from './transaction.ts';
import { batchWriter } from './write.ts';

/** Log records in one SQLite file; every method has done its work when it returns. */
export interface SqliteDatabase {
  append(rows: readonly LogRow[]): void;
  list(query: LogQuery): LogPage;
  figures(query: LogFiguresQuery): readonly LogFigures[];
  get(id: string): LogRecord | undefined;
  putFeedback(feedback: Feedback): void;
  feedback(id: string): Feedback | undefined;
  feedbackOn(traceIds: readonly string[]): readonly Feedback[];
  prune(limits: LogLimits): number;
  close(): void;
}

/** How long one process waits for another that writes, in milliseconds. */
const busyMs = 5000;

/**
 * Opens a file, or makes it, and brings its tables up to date. Several processes may have it open. What was written survives the end of the
 * process, however sudden; the last moments may be lost when the machine loses power. Throws for a file of a later version.
 */
export function openSqliteDatabase(path: string): SqliteDatabase {
  // Asked of the process, not imported: a bundle for a runtime without Node must not stumble over a module it never uses.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(path, { timeout: busyMs });
  // WAL: readers and the writer do not wait for each other, and a torn write is never seen. NORMAL: synced at checkpoints.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY');
  migrate(database);
  const prepared = preparedStatements(database);
  return {
    append: batchWriter(database, prepared),
    list: (query) => list(prepared, query),
    figures: sqliteFigures(database, prepared, dialect),
    get(id) {
      const row = prepared('SELECT record, request, response FROM log LEFT JOIN log_body USING (seq) WHERE id = ?').get(
        id,
      );
      return row === undefined ? undefined : fromRow(row.record, row.request, row.response);
    },
    ...feedbackTable(prepared),
    prune(limits) {
      const removed = prune({ database, prepared }, limits);
      // So that the indexes are chosen by what the table holds.
      database.exec('PRAGMA optimize');
      return removed;
    },
    close: () => database.close(),
  };
}

function migrate(database: DatabaseSync): void {
  inTransaction(database, () => {
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version > migrations.length)
      throw new Error(
        `The file was written by a later modelmux: its tables are of version ${version}, not ${migrations.length}.`,
      );
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

const dialect: SqlFiguresDialect = {
  placeholder: () => '?',
  table: (name) => name,
  floor: (expression) => `CAST(${expression} AS INTEGER)`,
};

function list(prepared: Prepared, query: LogQuery): LogPage {
  const { from, params } = sqlFilter(query, dialect);
  const bodies =
    '(SELECT request FROM log_body b WHERE b.seq = log.seq) request, (SELECT response FROM log_body b WHERE b.seq = log.seq) response';
  const rows = prepared(`SELECT log.record${query.bodies === true ? `, ${bodies}` : ''} ${from}`).all(...params);
  const records = rows.slice(0, query.limit).map((row) => fromRow(row.record, row.request, row.response));
  return { records, hasMore: rows.length > query.limit };
}

function feedbackTable(prepared: Prepared): Pick<SqliteDatabase, 'putFeedback' | 'feedback' | 'feedbackOn'> {
  const read = (row: Readonly<Record<string, unknown>>) => JSON.parse(String(row.feedback)) as Feedback;
  return {
    putFeedback(feedback) {
      const { id, traceId, createdAt } = feedback;
      const sql = 'INSERT OR REPLACE INTO log_feedback (id, trace_id, created_at, feedback) VALUES (?, ?, ?, ?)';
      prepared(sql).run(id, traceId, createdAt, JSON.stringify(feedback));
    },
    feedback(id) {
      const row = prepared('SELECT feedback FROM log_feedback WHERE id = ?').get(id);
      return row === undefined ? undefined : read(row);
    },
    feedbackOn(traceIds) {
      const sql =
        'SELECT feedback FROM log_feedback WHERE trace_id IN (SELECT value FROM json_each(?)) ORDER BY created_at, id';
      return prepared(sql).all(JSON.stringify(traceIds)).map(read);
    },
  };
}
