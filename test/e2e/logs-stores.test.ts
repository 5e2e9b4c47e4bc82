import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ConfigError, Portkey } from '../../src/index.ts';
import { memoryLogs } from '../../src/observe/logs/memory.ts';
import { hello, simulated } from '../support/simulated.ts';

const simulator = simulated();
const folder = mkdtempSync(join(tmpdir(), 'modelmux-client-logs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('keeps records in a file, where another client finds them', async () => {
  const logs = { file: join(folder, 'shared.db') };
  const first = simulator.client(simulator.target('openai'), { logs });
  await first.chat.completions.create(hello, { traceID: 'in a file' });
  await first.flush();
  const second = simulator.client(simulator.target('openai'), { logs });
  expect((await second.logs.list({ traceId: 'in a file' })).data).toMatchObject([{ provider: 'openai', status: 200 }]);
});

it('has written the last record when a program ends that never asked for it', async () => {
  const file = join(folder, 'short-lived.db');
  const program = `
    import { Portkey } from ${JSON.stringify(join(import.meta.dirname, '../../dist/index.js'))};
    const portkey = new Portkey({ logs: { file: ${JSON.stringify(file)} }, config: ${JSON.stringify(simulator.target('openai'))} });
    await portkey.chat.completions.create(${JSON.stringify(hello)}, { traceID: 'short' });
  `;
  // The simulator answers from this process, which must not stand still meanwhile.
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
  const portkey = new Portkey({ logs: { file } });
  expect((await portkey.logs.list()).data.map(({ traceId }) => traceId)).toEqual(['short']);
});

it('writes its logs out when it is closed, and answers calls afterwards without logging them', async () => {
  const logs = { file: join(folder, 'closed.db') };
  const first = simulator.client(simulator.target('openai'), { logs });
  await first.chat.completions.create(hello, { traceID: 'before' });
  await first.close();
  await first.chat.completions.create(hello, { traceID: 'after' });
  await first.close();
  const second = simulator.client(simulator.target('openai'), { logs });
  expect((await second.logs.list()).data.map(({ traceId }) => traceId)).toEqual(['before']);
});

it('answers calls while the file cannot be written, and says what was lost', async () => {
  const portkey = simulator.client(simulator.target('openai'), {
    logs: { file: join(folder, 'no', 'such', 'folder.db') },
  });
  const warnings: string[] = [];
  portkey.on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));
  for (let i = 0; i < 3; i++) await portkey.chat.completions.create(hello);
  for (let i = 0; i < 5; i++) await portkey.flush();
  expect(warnings.join('\n')).toContain(
    `logs: 3 log records were dropped: the log store failed 5 times (The log file ${join(folder, 'no', 'such', 'folder.db')} cannot be opened: unable to open database file).`,
  );
  await expect(portkey.logs.list()).rejects.toThrow('cannot be opened: unable to open database file');
});

it('keeps records in a store of its user, which several clients may share', async () => {
  const store = memoryLogs();
  const clients = [0, 1].map(() => simulator.client(simulator.target('openai'), { logs: store }));
  for (const [index, client] of clients.entries())
    await client.chat.completions.create(hello, { traceID: `t${index}` });
  await Promise.all(clients.map((client) => client.flush()));
  expect((await clients[0]?.logs.list())?.data.map(({ traceId }) => traceId)).toEqual(['t1', 't0']);
});

it('keeps so many as it is told', async () => {
  const portkey = simulator.client(simulator.target('openai'), { logs: { keep: { records: 2 } } });
  for (const traceID of ['a', 'b', 'c']) await portkey.chat.completions.create(hello, { traceID });
  expect((await portkey.logs.list()).data.map(({ traceId }) => traceId)).toEqual(['c', 'b']);
});

it.each<readonly [string, unknown, string]>([
  [
    'two places',
    { file: 'a.db', store: memoryLogs() },
    'options.logs: Records go to one place: keep one of store, file.',
  ],
  ['an unknown member', { fil: 'a.db' }, 'options.logs: Unrecognized key: "fil".'],
  [
    'half a store',
    { store: { append() {} } },
    'options.logs.store: Must have the methods of a log store: append, list, get, ….',
  ],
  ['no days', { keep: { days: 0 } }, 'options.logs.keep.days: '],
  ['a word', 'memory', 'options.logs: Must be an object such as { "file": "logs.db" }'],
  ['another database', { postgres: 'mysql://me:canary@host' }, 'options.logs.postgres: must begin with postgres://.'],
])('refuses %s at construction', (_, logs, message) => {
  const make = () => new Portkey({ logs: logs as never });
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(message);
  expect(make).not.toThrow('canary');
});

it('has no place before a gateway, which keeps its own', () => {
  expect(() => new Portkey({ baseURL: 'http://localhost:8787/v1', apiKey: 'k', logs: false })).toThrow(
    'options.logs: Has no meaning with "baseURL": the gateway keeps configs and keys.',
  );
});
