import type { Sql } from 'postgres';
import { LogStoreError } from '../../../core/errors/log-errors.ts';
import { migrations, schemaName, table } from './schema.ts';

/** Any number, the same in all instances: only one of them changes tables at a time. */
const lock = 7_305_180_341;

/** Brings the tables up to date. Several instances may do so at once. Rejects for tables of a later version. */
export async function migrate(sql: Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction.unsafe(`SELECT pg_advisory_xact_lock(${lock})`);
    await transaction.unsafe(`CREATE SCHEMA IF NOT EXISTS ${schemaName}`);
    await transaction.unsafe(`CREATE TABLE IF NOT EXISTS ${table('log_version')} (version INTEGER NOT NULL)`);
    const [row] = await transaction.unsafe(`SELECT version FROM ${table('log_version')}`).values();
    const version = Number(row?.[0] ?? 0);
    if (version > migrations.length)
      throw new LogStoreError(
        `The tables were made by a later modelmux: they are of version ${version}, not ${migrations.length}.`,
      );
    if (version === migrations.length) return;
    for (const migration of migrations.slice(version)) await transaction.unsafe(migration);
    await transaction.unsafe(`DELETE FROM ${table('log_version')}`);
    await transaction.unsafe(`INSERT INTO ${table('log_version')} VALUES (${migrations.length})`);
  });
}
