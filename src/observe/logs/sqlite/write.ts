import type { DatabaseSync } from 'node:sqlite';
import { type LogRow, metadataOf, rowColumns, startedAtOf } from '../sql-row.ts';
import { forgetHours } from './hours.ts';
import type { Prepared } from './statements.ts';
import { inTransaction } from './transaction.ts';

/** Writes batches into `database`, each whole or not at all. */
export function batchWriter(database: DatabaseSync, prepared: Prepared): (rows: readonly LogRow[]) => void {
  const marks = rowColumns.map(() => '?').join(', ');
  const insert = database.prepare(
    `INSERT INTO log (${rowColumns.join(', ')}) VALUES (${marks}) ON CONFLICT (id) DO NOTHING`,
  );
  const insertBody = database.prepare('INSERT INTO log_body (seq, request, response) VALUES (?, ?, ?)');
  const insertMetadata = database.prepare('INSERT INTO log_metadata (key, value, started_at, seq) VALUES (?, ?, ?, ?)');

  function add(row: LogRow): void {
    const { changes, lastInsertRowid: seq } = insert.run(...row.values);
    if (changes === 0) return;
    const { startedAt, entries } = metadataOf(row);
    for (const [key, value] of entries) insertMetadata.run(key, value, startedAt, seq);
    if (row.request !== null || row.response !== null) insertBody.run(seq, row.request, row.response);
  }

  return (rows) =>
    inTransaction(database, () => {
      for (const row of rows) add(row);
      forgetHours(prepared, rows.map(startedAtOf));
    });
}
