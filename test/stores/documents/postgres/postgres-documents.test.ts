import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { backgroundClock } from '../../../../src/core/runtime.ts';
import {
  openPostgresDocuments,
  type PostgresDocuments,
} from '../../../../src/stores/documents/postgres/postgres-documents.ts';
import { documentStoreSuite } from '../../../conformance/document-store-suite.ts';
import { type PostgresServer, startPostgres } from '../../../support/postgres.ts';

let server: PostgresServer;
const opened: PostgresDocuments[] = [];
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));
afterAll(() => server.stop());

async function open(url: string, collection = 'configs', keepVersions?: number): Promise<PostgresDocuments> {
  const store = await openPostgresDocuments(url, { collection, clock: backgroundClock, keepVersions });
  opened.push(store);
  return store;
}

documentStoreSuite('PostgreSQL', async (keepVersions) => {
  const url = server.freshUrl();
  // Both make the tables.
  const [store, other] = await Promise.all([open(url, 'configs', keepVersions), open(url, 'configs', keepVersions)]);
  return { store, other };
});

it('keeps collections apart', async () => {
  const url = server.freshUrl();
  await (await open(url)).put({ slug: 'a', name: 'A', content: { text: 'ü\n' } });
  expect(await (await open(url, 'prompts')).list()).toEqual([]);
  expect(await (await open(url)).get('a')).toMatchObject({ content: { text: 'ü\n' } });
});

it('rejects where no database answers', async () => {
  await expect(
    openPostgresDocuments('postgres://nobody@127.0.0.1:9/x', { collection: 'configs', clock: backgroundClock }),
  ).rejects.toThrow();
});
