import type { Sql } from 'postgres';

/** Any number, the same in all instances: only one of them makes tables at a time. */
const lock = 7_305_180_342;

const tables = `
  CREATE SCHEMA IF NOT EXISTS modelmux;
  CREATE TABLE IF NOT EXISTS modelmux.document (
    collection TEXT COLLATE "C" NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    is_removed BOOLEAN NOT NULL,
    PRIMARY KEY (collection, slug)
  );
  CREATE TABLE IF NOT EXISTS modelmux.document_version (
    collection TEXT COLLATE "C" NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (collection, slug, number)
  );
`;

/** Makes the tables where they are missing. Several instances may do so at once. */
export async function migrateDocuments(sql: Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction.unsafe(`SELECT pg_advisory_xact_lock(${lock})`);
    await transaction.unsafe(tables);
  });
}
