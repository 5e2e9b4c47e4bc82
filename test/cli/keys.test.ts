import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { served } from '../support/served.ts';
import { simulated } from '../support/simulated.ts';
import { finished } from './cli.ts';

const simulator = simulated();
const admin = 'sk-admin-of-the-command-line';
let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

const dataFile = () => join(folder, `data-${++files}.json`);

async function statusOf(url: string, key: string, model = 'gpt-4o'): Promise<number> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] }),
  });
  await response.text();
  return response.status;
}

describe('keys, in a data file', () => {
  it('are made, listed, shown and deleted, and a server that runs follows', async () => {
    const data = dataFile();
    const { url } = await served({ config: simulator.target('openai'), adminKey: admin, data: { file: data } });
    const made = await finished([
      'keys',
      'generate',
      '--data',
      data,
      '--alias',
      'ci',
      '--models',
      'gpt-4o',
      '--rpm',
      '60',
    ]);
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^sk-[\w-]{43}\n$/)]);
    const key = made.out.trim();
    expect(made.err).toContain('60 requests/min');
    expect((await stat(data)).mode & 0o777).toBe(0o600);
    expect(await readFile(data, 'utf8')).not.toContain(key);
    await expect.poll(() => statusOf(url, key)).toBe(200);
    expect(await statusOf(url, key, 'gpt-3.5')).toBe(403);

    const listed = await finished(['keys', 'list', '--data', data]);
    expect(listed.out).toMatch(/ci +gpt-4o +60 requests\/min/);
    expect(listed.out).not.toContain(key);
    const shown = await finished(['keys', 'info', '-', '--data', data, '--json'], { input: `${key}\n` });
    expect(JSON.parse(shown.out)).toMatchObject({ key_alias: 'ci', models: ['gpt-4o'], rpm_limit: 60 });

    expect(await finished(['keys', 'delete', 'ci', '--data', data])).toMatchObject({ code: 0, out: 'Deleted 1.\n' });
    await expect.poll(() => statusOf(url, key)).toBe(401);
    expect((await finished(['keys', 'list', '--data', data])).out).toBe('There are no keys.\n');
  });

  it('leave everything else in it alone', async () => {
    const data = dataFile();
    const { url } = await served({ config: simulator.target('openai'), adminKey: admin, data: { file: data } });
    const created = await fetch(`${url}/v1/configs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'kept', config: { provider: 'openai' } }),
    });
    expect(created.status).toBe(200);
    const before = JSON.parse(await readFile(data, 'utf8')) as Record<string, unknown>;
    await finished(['keys', 'generate', '--data', data]);
    const after = JSON.parse(await readFile(data, 'utf8')) as Record<string, unknown>;
    expect({ ...after, keys: {} }).toEqual({ ...before, keys: {} });
    expect(Object.keys(after['keys'] as object)).toHaveLength(1);
  });
});

describe('keys, of a server that runs', () => {
  it('are made, listed, shown and deleted with its admin key', async () => {
    const { url } = await served({ config: simulator.target('openai'), adminKey: admin });
    const env = { MODELMUX_ADMIN_KEY: admin };
    const argv = ['--max-budget', '2.5', '--budget-duration', '1d', '--duration', 'never', '--metadata', 'team=red'];
    const made = await finished(['keys', 'generate', '--url', url, '--json', ...argv], { env });
    const { key, ...facts } = JSON.parse(made.out) as { key: string };
    expect(facts).toMatchObject({ max_budget: 2.5, budget_duration: '1d', expires: null, metadata: { team: 'red' } });
    expect(await statusOf(url, key)).toBe(200);
    const listed = await finished(['keys', 'list', '--url', `${url}/`, '--json'], { env });
    const { keys } = JSON.parse(listed.out) as { keys: readonly { token: string }[] };
    expect(keys).toHaveLength(1);
    const hash = keys[0]?.token ?? '';
    expect((await finished(['keys', 'info', hash, '--url', url], { env })).out).toContain('$2.5 in 1d');
    expect((await finished(['keys', 'delete', hash, '--url', url], { env })).code).toBe(0);
    expect(await statusOf(url, key)).toBe(401);
  });

  it('say what the server refuses, and show no key', async () => {
    const { url } = await served({ config: simulator.target('openai'), adminKey: admin });
    const unasked = await finished(['keys', 'list', '--url', url]);
    expect(unasked).toMatchObject({ code: 1, err: expect.stringContaining('MODELMUX_ADMIN_KEY') });
    const wrong = await finished(['keys', 'list', '--url', url, '--json'], {
      env: { MODELMUX_ADMIN_KEY: 'sk-wrong-one' },
    });
    expect(JSON.parse(wrong.err)).toMatchObject({ error: { message: expect.stringContaining('401') } });
    expect(wrong.err).not.toContain('sk-wrong-one');
  });
});

it.each([
  ['nowhere', ['keys', 'list'], 1, 'Say where the keys are'],
  ['two places', ['keys', 'list', '--data', 'a', '--url', 'b'], 2, 'cannot be used with'],
  ['a server that is not there', ['keys', 'list', '--url', 'http://127.0.0.1:9'], 1, 'No server answers'],
  ['an unknown key', ['keys', 'info', 'nobody', '--data', 'DATA'], 1, 'There is no such key'],
  ['an unknown key to delete', ['keys', 'delete', 'nobody', '--data', 'DATA'], 1, 'There is no such key'],
  ['a time that is none', ['keys', 'generate', '--data', 'DATA', '--duration', 'soon'], 1, 'must be a time'],
  ['a period without an amount', ['keys', 'generate', '--data', 'DATA', '--budget-duration', '1d'], 1, 'max_budget'],
  ['an amount that is none', ['keys', 'generate', '--data', 'DATA', '--rpm', '0'], 2, 'whole number from 1'],
  ['an unknown option', ['keys', 'list', '--jsno'], 2, 'Did you mean --json?'],
  ['an unknown command', ['keys', 'lst'], 2, 'Did you mean list?'],
  ['no input', ['keys', 'info', '-', '--data', 'DATA'], 1, 'holds no key'],
])('refuses %s', async (_what, argv, code, said) => {
  const data = dataFile();
  const result = await finished(argv.map((part) => (part === 'DATA' ? data : part)));
  expect([result.code, result.err]).toEqual([code, expect.stringContaining(said)]);
});

it('help shows examples', async () => {
  for (const argv of [
    ['keys', '--help'],
    ['keys', 'generate', '--help'],
  ]) {
    const { code, out } = await finished(argv);
    expect([code, out]).toEqual([0, expect.stringContaining('$ modelmux keys generate')]);
  }
});
