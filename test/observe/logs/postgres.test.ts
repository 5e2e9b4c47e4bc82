import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresLogs } from '../../../src/observe/logs/postgres.ts';
import { logRecord, logStoreSuite } from '../../conformance/log-store-suite.ts';
import { type PostgresServer, startPostgres } from '../../support/postgres.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.stop());

logStoreSuite('PostgreSQL', () => openPostgresLogs(server.freshUrl()));

it('is set up by several instances at once, which see what the others write', async () => {
  const url = server.freshUrl();
  const stores = await Promise.all([1, 2, 3, 4].map(() => openPostgresLogs(url)));
  await Promise.all(
    stores.map((store, index) => store.append([logRecord({ id: `own-${index}` }), logRecord({ id: 'shared' })])),
  );
  const found = await stores[0]?.list({ limit: 9 });
  expect(found?.records.map(({ id }) => id)).toEqual(['shared', 'own-3', 'own-2', 'own-1', 'own-0']);
  for (const store of stores) await store.close();
});

it('leaves everything else in the database alone', async () => {
  const url = server.freshUrl();
  const sql = postgres(url);
  await sql`CREATE TABLE log (mine text)`;
  const store = await openPostgresLogs(url);
  await store.append([logRecord({ id: 'a' })]);
  expect(await sql`SELECT count(*)::int AS rows FROM log`).toMatchObject([{ rows: 0 }]);
  await store.close();
  await sql.end();
});

it('refuses tables of a later version', async () => {
  const url = server.freshUrl();
  await (await openPostgresLogs(url)).close();
  const sql = postgres(url);
  await sql`UPDATE modelmux.log_version SET version = 99`;
  await sql.end();
  await expect(openPostgresLogs(url)).rejects.toThrow(
    'The tables were made by a later modelmux: they are of version 99, not 3.',
  );
});

it('says what is wrong, and never the password', async () => {
  const url = 'postgres://tester:canary@127.0.0.1:1/none';
  const error = await openPostgresLogs(url).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(String(error)).toContain('ECONNREFUSED');
  expect(String(error)).not.toContain('canary');
});
