import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ListenOptions, ServerOptions } from '../../../../src/server/index.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { served } from '../../../support/served.ts';
import { simulated } from '../../../support/simulated.ts';

const simulator = simulated();
const admin = 'sk-hosted-litellm';
const hello = { model: 'gpt-3.5-turbo', messages: [{ role: 'user', content: 'Hi' }] };

/** As much of the server's answers as the tests read. */
interface Answer {
  readonly key: string;
  readonly expires: string;
  readonly id: string;
  readonly url: string;
  readonly status: string;
  readonly result?: object;
  readonly keys: readonly object[];
  readonly info: { readonly spend: number };
  readonly error: { readonly code: string; readonly param: string };
}

async function hosted(more: ServerOptions & ListenOptions = {}) {
  const { url } = await served({ config: simulator.target('openai'), adminKey: admin, compat: 'litellm', ...more });
  const send = async (path: string, key: string, body?: object) => {
    const response = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
  };
  const keyFor = async (wish: object): Promise<string> => (await send('/key/generate', admin, wish)).body.key;
  return { send, keyFor, chat: (key: string, body: object = hello) => send('/chat/completions', key, body) };
}

/** `config` of the document's request for a key, its addresses those of the simulator. */
const modelList = () => ({
  model_list: [
    {
      model_name: 'gpt-3.5-turbo',
      litellm_params: { model: 'gpt-3.5-turbo', api_key: 'sk-of-the-key', api_base: simulator.baseUrl('openai') },
    },
  ],
});

it('a key with a config of its own queues a request, and finds its answer, as in the document', async () => {
  const { send } = await hosted();
  const { status, body } = await send('/key/generate', admin, { config: modelList(), duration: '30d' });
  expect(status).toBe(200);
  expect(body.key).toMatch(/^sk-[\w-]{43}$/);
  expect(Date.parse(body.expires) - Date.now()).toBeGreaterThan(29 * 86_400_000);
  expect(JSON.stringify(body)).not.toContain('sk-of-the-key');

  const system = { role: 'system', content: 'You are a helpful assistant. What is your name' };
  const job = await send('/queue/request', body.key, { model: 'gpt-3.5-turbo', messages: [system] });
  expect(job.body).toEqual({
    id: expect.any(String),
    url: `/queue/response/${job.body.id}`,
    eta: expect.any(Number),
    status: 'queued',
  });
  await expect
    .poll(async () => (await send(job.body.url, body.key)).body)
    .toMatchObject({ status: 'finished', result: { object: 'chat.completion' } });
  expect(simulator.requests('openai')[0]?.headers['authorization']).toBe('Bearer sk-of-the-key');
  expect((await send(job.body.url, admin)).status).toBe(404);
  expect((await send('/queue/response/nothing', body.key)).body.error.code).toBe('job_not_found');
});

it('carries 100 simultaneous jobs through rate limits, and loses none', async () => {
  const clock = manualClock();
  const { send, keyFor } = await hosted({ clock });
  const key = await keyFor({ config: modelList(), rpm_limit: 30 });
  const jobs = await Promise.all(Array.from({ length: 100 }, () => send('/queue/request', key, hello)));
  expect(jobs.map(({ status }) => status)).toEqual(Array(100).fill(200));
  const finished = async () => {
    clock.advance(30_000);
    const polled = await Promise.all(jobs.map(({ body }) => send(body.url, key)));
    return polled.filter(({ body }) => body.status === 'finished' && body.result !== undefined).length;
  };
  await expect.poll(finished, { timeout: 100_000, interval: 100 }).toBe(100);
  expect(simulator.requests('openai')).toHaveLength(100);
});

it('a key is limited to its models, under the names its aliases give them', async () => {
  const { chat, keyFor, send } = await hosted();
  const key = await keyFor({ models: ['gpt-3.5-turbo', 'claude-*'], aliases: { best: 'gpt-4o' } });
  expect((await chat(key)).status).toBe(200);
  expect((await chat(key, { ...hello, model: 'claude-3' })).status).toBe(200);
  expect((await chat(key, { ...hello, model: 'best' })).status).toBe(200);
  const refused = await chat(key, { ...hello, model: 'gpt-4o' });
  expect(refused.status).toBe(403);
  expect(refused.body.error).toMatchObject({ code: 'key_model_access_denied', param: 'model' });
  expect((await send('/queue/request', key, { ...hello, model: 'gpt-4o' })).status).toBe(403);
  expect(simulator.bodies('openai').map(({ model }) => model)).toEqual(['gpt-3.5-turbo', 'claude-3', 'gpt-4o']);
});

it('a key has its requests and tokens of a minute, its places, its money and its time', async () => {
  const clock = manualClock();
  const prices = { 'openai/gpt-3.5-turbo': { input: 1_000_000, output: 1_000_000 } };
  const { chat, keyFor, send } = await hosted({ clock, prices });
  const often = await keyFor({ rpm_limit: 2 });
  expect((await chat(often)).status).toBe(200);
  expect((await chat(often)).status).toBe(200);
  const third = await chat(often);
  expect([third.status, third.headers.get('retry-after'), third.body.error.code]).toEqual([
    429,
    '60',
    'key_rate_limit',
  ]);
  clock.advance(60_000);
  expect((await chat(often)).status).toBe(200);

  simulator.behave('openai', { usage: { inputTokens: 90, outputTokens: 100 } });
  const wordy = await keyFor({ tpm_limit: 200 });
  expect((await chat(wordy)).status).toBe(200);
  const silent = await chat(wordy);
  expect([silent.status, silent.body.error.code]).toEqual([429, 'key_rate_limit']);

  const short10 = { ...hello, max_tokens: 10 };
  simulator.behave('openai', { usage: { inputTokens: 6, outputTokens: 10 } });
  const cheap = await keyFor({ max_budget: 30, budget_duration: '1d' });
  expect((await chat(cheap, short10)).status).toBe(200);
  const broke = await chat(cheap, short10);
  expect([broke.status, broke.body.error.code]).toEqual([429, 'budget_exceeded']);
  const { body: info } = await send(`/key/info?key=${cheap}`, admin);
  expect(info.info.spend).toBe(16);

  const short = await keyFor({ duration: '30s' });
  expect((await chat(short)).status).toBe(200);
  clock.advance(30_000);
  const late = await chat(short);
  expect([late.status, late.body.error.code]).toEqual([401, 'expired_key']);
});

it('keys are kept as hashes in a file that only its owner may read, and live on in the next server', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelmux-data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const data = { file: join(folder, 'data.json') };
  const first = await hosted({ data });
  const key = await first.keyFor({ key_alias: 'zoe', metadata: { team: 'red' } });
  const text = await readFile(data.file, 'utf8');
  expect(text).not.toContain(key);
  expect((await stat(data.file)).mode & 0o777).toBe(0o600);

  const second = await hosted({ data });
  expect((await second.chat(key)).status).toBe(200);
  expect((await second.send('/key/info', key)).body.info).toMatchObject({
    key_alias: 'zoe',
    metadata: { team: 'red' },
  });
  expect((await second.send('/key/list', admin)).body.keys).toHaveLength(1);
  expect((await second.send('/key/delete', admin, { keys: ['zoe'] })).body).toEqual({ deleted_keys: ['zoe'] });
  expect((await second.chat(key)).status).toBe(401);
});

it.each([
  ['an unknown field', { modles: [] }, 400, 'modles'],
  ['a duration that is none', { duration: 'soon' }, 400, 'duration'],
  ['a limit below one', { rpm_limit: 0 }, 400, 'rpm_limit'],
  ['a config that cannot be used', { config: { model_list: [{ model_name: 'a' }] } }, 400, 'config'],
  ['a period without an amount', { budget_duration: '1d' }, 400, 'budget_duration'],
])('refuses %s', async (_what, wish, status, param) => {
  const { send } = await hosted();
  const answer = await send('/key/generate', admin, wish);
  expect(answer.status).toBe(status);
  expect(answer.body.error.param).toBe(param);
});

it('only the admin makes, lists and deletes keys; without an admin key nobody does', async () => {
  const { send, keyFor } = await hosted();
  const key = await keyFor({});
  expect((await send('/key/generate', key, {})).status).toBe(403);
  expect((await send('/key/list', key)).status).toBe(403);
  expect((await send('/key/delete', key, { keys: [key] })).status).toBe(403);
  expect((await send('/router/state', key)).status).toBe(403);
  expect((await send('/router/state', admin)).body).toMatchObject({
    targets: [{ provider: 'openai', health: 'ready' }],
    in_flight: 1,
  });
  const open = await hosted({ adminKey: undefined });
  expect((await open.send('/key/generate', 'x', {})).status).toBe(400);
});
