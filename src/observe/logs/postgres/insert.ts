import type { Sql } from 'postgres';
import type { LogRecord } from '../../../core/log-record.ts';
import { type LogRow, metadataOf, rowColumns, toRow } from '../sql-row.ts';
import { table } from './schema.ts';

const columns = rowColumns.join(', ');
const types = `id text, started_at float8, trace_id text, outcome text, status int, provider text, model text, virtual_key text,
  config_id text, endpoint text, marks int, metadata text, record text,
  duration_ms float8, prompt_tokens float8, completion_tokens float8, cost_micro_usd float8, request text, response text, entries json`;

// One statement, so that a batch is written whole or not at all; all its rows are one parameter.
const statement = `
  WITH given AS (SELECT * FROM json_to_recordset($1::text::json) AS x(${types})),
  written AS (
    INSERT INTO ${table('log')} (${columns}) SELECT ${columns} FROM given
    ON CONFLICT (id) DO NOTHING RETURNING seq, id
  ),
  bodies AS (
    INSERT INTO ${table('log_body')} (seq, request, response)
    SELECT seq, request, response FROM written JOIN given USING (id) WHERE request IS NOT NULL OR response IS NOT NULL
  )
  INSERT INTO ${table('log_metadata')} (key, value, started_at, seq)
  SELECT entry ->> 0, entry ->> 1, given.started_at, seq
  FROM written JOIN given USING (id), json_array_elements(given.entries) AS entry
`;

/** Writes records in one round trip; those whose ID is there already are left out. */
export async function insertRows(sql: Sql, records: readonly LogRecord[]): Promise<void> {
  // Twice in one batch would be twice in `written`, which the conflict does not see.
  const byId = new Map(records.toReversed().map((record) => [record.id, record]));
  await sql.unsafe(statement, [JSON.stringify([...byId.values()].map((record) => toObject(toRow(record))))]);
}

function toObject(row: LogRow): object {
  const cells = rowColumns.map((column, index) => [column, row.values[index]] as const);
  const { request, response } = row;
  return { ...Object.fromEntries(cells), request, response, entries: metadataOf(row).entries };
}
