import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { migrations } from '../../../src/observe/logs/sqlite/schema.ts';
import { openSqliteLogs } from '../../../src/observe/logs/sqlite.ts';
import { logRecord, logStoreSuite } from '../../conformance/log-store-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'modelmux-logs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const freshFile = () => join(folder, `logs-${++files}.db`);

logStoreSuite('SQLite', () => openSqliteLogs(freshFile()));

it('finds again what another process, or the one before, has written', async () => {
  const file = freshFile();
  const [first, second] = [await openSqliteLogs(file), await openSqliteLogs(file)];
  await Promise.all([first.append([logRecord({ id: 'a' })]), second.append([logRecord({ id: 'b' })])]);
  expect((await second.list({ limit: 9 })).records.map(({ id }) => id)).toEqual(['b', 'a']);
  await first.close();
  await second.close();
  const third = await openSqliteLogs(file);
  expect(await third.get('a')).toEqual(logRecord({ id: 'a' }));
  await third.close();
});

/** Writes in a process of its own, which is killed once it has said `batches`; the number it said last. */
async function killedWriter(file: string, round: number, batches: number): Promise<number> {
  const script = join(import.meta.dirname, '../../support/write-logs-forever.ts');
  const child = spawn(process.execPath, [script, file, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last === batches) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return last;
}

it('survives kill -9 in the middle of writing, again and again: nothing is torn, nothing acknowledged is lost', async () => {
  const file = freshFile();
  for (const [round, batches] of [40, 7, 90].entries()) {
    const acknowledged = await killedWriter(file, round, batches);
    const database = new DatabaseSync(file);
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    const perTrace = database
      .prepare(
        `SELECT trace_id, count(*) AS records, (SELECT count(*) FROM log_metadata WHERE value = trace_id) AS metadata
         FROM log WHERE trace_id LIKE ? GROUP BY trace_id`,
      )
      .all(`${round}-%`);
    expect(perTrace.every(({ records, metadata }) => records === 10 && metadata === 10)).toBe(true);
    expect(perTrace.length).toBeGreaterThanOrEqual(acknowledged);
    database.close();
  }
  const store = await openSqliteLogs(file);
  expect((await store.list({ limit: 1000 })).records).toHaveLength(1000);
  await store.close();
});

it('says why a file cannot be opened', async () => {
  const file = freshFile();
  writeFileSync(file, 'This is a letter to my aunt, and no database at all. '.repeat(50));
  await expect(openSqliteLogs(file)).rejects.toThrow('file is not a database');
  await expect(openSqliteLogs(join(folder, 'missing', 'logs.db'))).rejects.toThrow('unable to open database file');
});

it('leaves a file alone that a later version has written', async () => {
  const file = freshFile();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  await expect(openSqliteLogs(file)).rejects.toThrow(
    'The file was written by a later modelmux: its tables are of version 99, not 4.',
  );
});

it('keeps the sums of hours that are past, and makes those anew that another process changes', async () => {
  const file = freshFile();
  const [one, other] = [await openSqliteLogs(file), await openSqliteLogs(file)];
  const at = (id: string, hour: number) => logRecord({ id, startedAt: hour * 3_600_000 });
  const requests = async () => (await one.figures?.({}))?.map((sums) => sums.requests);
  await one.append([at('a', 1.5), at('b', 2.5), at('c', 2.6), at('d', 9)]);
  expect(await requests()).toEqual([4]);
  const database = new DatabaseSync(file);
  const kept = () =>
    database
      .prepare('SELECT hour FROM log_hour ORDER BY hour')
      .all()
      .map(({ hour }) => hour);
  expect(kept()).toEqual([1, 2]);
  await other.append([at('e', 2.1)]);
  expect([kept(), await requests(), kept()]).toEqual([[1], [5], [1, 2]]);
  await other.prune({ before: 2.2 * 3_600_000 });
  expect([kept(), await requests(), kept()]).toEqual([[], [3], [2]]);
  // Nobody waits for one who writes.
  await other.append([at('f', 2.2)]);
  database.exec('BEGIN IMMEDIATE');
  expect(await requests()).toEqual([4]);
  database.exec('ROLLBACK');
  expect(kept()).toEqual([]);
  database.close();
  await Promise.all([one.close(), other.close()]);
});

it('rejects what is asked of it after it was closed', async () => {
  const store = await openSqliteLogs(freshFile());
  await store.close();
  await expect(store.append([logRecord({ id: 'a' })])).rejects.toThrow('The thread of the log file has ended.');
});

it('works in this thread where a bundler left the other behind', async () => {
  const store = await openSqliteLogs(freshFile(), new URL('./nowhere.js', import.meta.url));
  await store.append([logRecord({ id: 'a' })]);
  expect(await store.get('a')).toEqual(logRecord({ id: 'a' }));
  await store.close();
});

it('brings a file of the first version up to date, and sums up what was written then', async () => {
  const file = freshFile();
  const before = new DatabaseSync(file);
  before.exec(`${migrations[0]} PRAGMA user_version = 1;`);
  const old = logRecord({
    id: 'old',
    usage: { promptTokens: 3, completionTokens: 4 },
    cost: { microUsd: 5, source: 'config' },
  });
  const columns = 'id, started_at, trace_id, outcome, status, provider, model, endpoint, marks, record';
  before
    .prepare(`INSERT INTO log (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    .run('old', 1000, 'trace', 'success', 200, 'openai', 'gpt-4o', 'chat/completions', 0, JSON.stringify(old));
  before.close();
  const store = await openSqliteLogs(file);
  await store.append([logRecord({ id: 'new' })]);
  expect(await store.get('old')).toEqual(old);
  // Since the third version the cache can be looked for.
  expect((await store.list({ limit: 9, cache: ['DISABLED'] })).records.map(({ id }) => id)).toEqual(['old', 'new']);
  const sums = { requests: 2, promptTokens: 3, completionTokens: 4, microUsd: 5, priced: 1 };
  expect(await store.figures?.({})).toMatchObject([sums]);
  await store.close();
});
