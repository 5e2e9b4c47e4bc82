import type { Sql } from 'postgres';
import { LogStoreError } from '../../core/errors/log-errors.ts';
import type { LogFigures, LogFiguresQuery } from '../../core/log-figures.ts';
import type { LogQuery } from '../../core/log-query.ts';
import type { Feedback, LogRecord } from '../../core/log-record.ts';
import type { LogLimits, LogPage, LogStore } from '../../core/log-store.ts';
import { insertRows } from './postgres/insert.ts';
import { migrate } from './postgres/migrate.ts';
import { table } from './postgres/schema.ts';
import { fromFiguresRows, type SqlFiguresDialect, sqlFigures } from './sql-figures.ts';
import { sqlFilter } from './sql-filter.ts';
import { fromRow } from './sql-row.ts';

/** Seconds. An idle connection would keep the process running. */
const idleTimeout = 5;
const connectTimeout = 10;

/**
 * Log records in a PostgreSQL database, in a schema `modelmux` of its own: for several instances that log to one place. The tables are made
 * where they are missing. Needs the package `postgres`. Rejects when the database cannot be reached.
 */
export async function openPostgresLogs(url: string): Promise<LogStore> {
  const sql = await connect(url);
  try {
    await migrate(sql);
  } catch (error) {
    await sql.end({ timeout: 0 });
    throw error;
  }
  return {
    append: (records) => insertRows(sql, records),
    list: (query) => list(sql, query),
    figures: (query) => figures(sql, query),
    get: (id) => get(sql, id),
    ...feedbackTable(sql),
    prune: (limits) => prune(sql, limits),
    close: () => sql.end({ timeout: connectTimeout }),
  };
}

async function connect(url: string): Promise<Sql> {
  const { default: postgres } = await import('postgres').catch(() => {
    throw new LogStoreError('PostgreSQL needs the package "postgres": npm install postgres');
  });
  return postgres(url, {
    max: 4,
    idle_timeout: idleTimeout,
    connect_timeout: connectTimeout,
    // A pooler may hand every statement to another session.
    prepare: false,
    onnotice: () => undefined,
    connection: { application_name: 'modelmux' },
  });
}

const dialect: SqlFiguresDialect = {
  placeholder: (index) => `$${index}`,
  table,
  floor: (expression) => `FLOOR(${expression})::bigint`,
};
const bodies = ['request', 'response'].map(
  (name) => `(SELECT ${name} FROM ${table('log_body')} b WHERE b.seq = log.seq)`,
);

async function list(sql: Sql, query: LogQuery): Promise<LogPage> {
  const { from, params } = sqlFilter(query, dialect);
  // Nothing is in an empty list, and `IN ()` is no SQL.
  if (query.statuses?.length === 0) return { records: [], hasMore: false };
  const columns = query.bodies === true ? `log.record, ${bodies.join(', ')}` : 'log.record';
  const rows = await sql.unsafe(`SELECT ${columns} ${from}`, [...params]).values();
  const records = rows.slice(0, query.limit).map(([record, request, response]) => fromRow(record, request, response));
  return { records, hasMore: rows.length > query.limit };
}

async function figures(sql: Sql, query: LogFiguresQuery): Promise<readonly LogFigures[]> {
  if (query.statuses?.length === 0) return [];
  const { text, params } = sqlFigures(query, dialect);
  return fromFiguresRows(await sql.unsafe(text, [...params]).values());
}

async function get(sql: Sql, id: string): Promise<LogRecord | undefined> {
  const [row] = await sql
    .unsafe(`SELECT log.record, ${bodies.join(', ')} FROM ${table('log')} AS log WHERE id = $1`, [id])
    .values();
  return row === undefined ? undefined : fromRow(row[0], row[1], row[2]);
}

function feedbackTable(sql: Sql): Pick<LogStore, 'putFeedback' | 'feedback' | 'feedbackOn'> {
  const name = table('log_feedback');
  const read = async (where: string, params: (string | string[])[]) => {
    const rows = await sql.unsafe(`SELECT feedback FROM ${name} ${where}`, params).values();
    return rows.map(([text]) => JSON.parse(String(text)) as Feedback);
  };
  return {
    putFeedback: (feedback) =>
      sql.unsafe(
        `INSERT INTO ${name} (id, trace_id, created_at, feedback) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET trace_id = $2, created_at = $3, feedback = $4`,
        [feedback.id, feedback.traceId, feedback.createdAt, JSON.stringify(feedback)],
      ),
    feedback: async (id) => (await read('WHERE id = $1', [id]))[0],
    feedbackOn: (traceIds) =>
      read('WHERE trace_id IN (SELECT json_array_elements_text($1::text::json)) ORDER BY created_at, id', [
        JSON.stringify(traceIds),
      ]),
  };
}

const rowsPerStep = 1000;

/** In small steps, between which others may write. */
async function prune(sql: Sql, { before, records }: LogLimits): Promise<number> {
  const log = table('log');
  const remove = async (condition: string, params: (string | number)[]) => {
    for (let removed = 0; ; ) {
      const { count } = await sql.unsafe(
        `DELETE FROM ${log} WHERE seq IN (SELECT seq FROM ${log} WHERE ${condition} LIMIT ${rowsPerStep})`,
        params,
      );
      removed += count;
      if (count < rowsPerStep) return removed;
    }
  };
  const tooOld = before === undefined ? 0 : await remove('started_at < $1', [before]);
  if (records === undefined) return tooOld;
  const order = 'ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET $1';
  const [excess] = await sql.unsafe(`SELECT started_at, id FROM ${log} ${order}`, [records]).values();
  if (excess === undefined) return tooOld;
  return tooOld + (await remove('(started_at, id) <= ($1, $2)', [Number(excess[0]), String(excess[1])]));
}
