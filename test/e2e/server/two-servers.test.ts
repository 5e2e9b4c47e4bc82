import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Instance, instance } from '../../support/instance.ts';
import { type RedisServer, redisCli, startRedis } from '../../support/redis.ts';

const env = { MODELMUX_ADMIN_KEY: 'admin-of-the-test' };
const key = env.MODELMUX_ADMIN_KEY;
const patience = { timeout: 20_000, interval: 100 };
const hello = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };

let redis: RedisServer;
let folder: string;
beforeAll(async () => {
  redis = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'modelmux-two-'));
});
afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true });
});

/** An upstream that answers with its name, and streams until it is told to go on. */
async function upstream(name: string) {
  const asked: unknown[] = [];
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const body = JSON.parse(text) as { stream?: boolean; messages: unknown };
    asked.push(body.messages);
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const base = { id: 'c', created: 1, model: 'm' };
    if (body.stream !== true) {
      const choices = [{ index: 0, message: { role: 'assistant', content: name }, finish_reason: 'stop' }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ...base, object: 'chat.completion', choices, usage }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (content: string, finish_reason: string | null = null) =>
      response.write(
        `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content }, finish_reason }] })}\n\n`,
      );
    send(`${name} begins, `);
    await held;
    send(`${name} ends`, 'stop');
    response.end('data: [DONE]\n\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const config = {
    provider: 'openai',
    api_key: 'k',
    custom_host: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
  };
  return { asked, config, goOn: () => goOn() };
}

const client = ({ url }: Instance, config: string) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0, defaultHeaders: { 'x-portkey-config': config } });

async function answer(one: Instance, config: string): Promise<string | null | undefined> {
  return (await client(one, config).chat.completions.create(hello)).choices[0]?.message.content;
}

async function put(one: Instance, path: string, body: object) {
  const response = await fetch(`${one.url}${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

const post = async (one: Instance, path: string, body: object) =>
  (await one.ask(path, { key, body })).body as Record<string, unknown>;

describe.each([
  [
    'one Redis',
    () => {
      redisCli(redis.port, 'flushall');
      return ['--redis', redis.url, '--redis-timeout', '5000'];
    },
  ],
  ['one data file', () => ['--data', join(folder, `data-${Math.random()}.json`)]],
])('two servers on %s', (_, argvOf) => {
  async function pair() {
    const argv = argvOf();
    const both = await Promise.all([instance(argv, env), instance(argv, env)]);
    return { both, argv };
  }

  it('a config changed on one acts on the other, calls under way finish on the old one, a broken one never counts', async () => {
    const { both } = await pair();
    const [one, two] = both;
    const [old, next] = [await upstream('old'), await upstream('next')];
    await post(one, '/v1/configs', { name: 'main', slug: 'main', config: old.config });
    await vi.waitFor(async () => expect(await answer(two, 'main')).toBe('old'), patience);
    const stream = await client(two, 'main').chat.completions.create({ ...hello, stream: true });
    const chunks = stream[Symbol.asyncIterator]();
    const read = async () => (await chunks.next()).value?.choices[0]?.delta.content;
    expect(await read()).toBe('old begins, ');
    expect((await put(one, '/v1/configs/main', { config: next.config })).status).toBe(200);
    await vi.waitFor(async () => expect(await answer(two, 'main')).toBe('next'), { ...patience, timeout: 8000 });
    const [askedOld, askedNext] = [old.asked.length, next.asked.length];
    const broken = { strategy: { mode: 'fallback' }, targets: [{ provider: 'opnai' }, { ...next.config, weight: -1 }] };
    const refused = await put(two, '/v1/configs/main', { config: broken });
    expect(refused.status).toBe(400);
    expect(refused.text).toMatch(/targets\[0\]\.provider: .*Did you mean .*openai/);
    expect(refused.text).toContain('targets[1].weight: ');
    expect([await answer(one, 'main'), await answer(two, 'main')]).toEqual(['next', 'next']);
    old.goOn();
    expect(await read()).toBe('old ends');
    expect((await chunks.next()).done).toBe(true);
    expect([old.asked.length, next.asked.length]).toEqual([askedOld, askedNext + 2]);
    const { data } = (await two.ask('/v1/configs/main/versions', { key })).body as { data: { version: number }[] };
    expect(data.map(({ version }) => version)).toEqual([2, 1]);
  }, 90_000);

  it('a prompt changed on one acts on the other; of what both write at once nothing is lost', async () => {
    const { both, argv } = await pair();
    const [one, two] = both;
    const target = await upstream('it');
    await post(one, '/v1/configs', { name: 'main', slug: 'main', config: target.config });
    const string = (text: string) => JSON.stringify([{ role: 'user', content: text }]);
    const made = await post(one, '/v1/prompts', { name: 'p', string: string('before'), parameters: {}, model: 'm' });
    const slug = String(made['slug']);
    const run = async () => {
      const headers = { 'x-portkey-config': 'main' };
      const reply = await two.ask(`/v1/prompts/${slug}/completions`, { key, body: { variables: {} }, headers });
      expect(reply.status).toBe(200);
      return target.asked.at(-1);
    };
    await vi.waitFor(async () => expect(await run()).toEqual([{ role: 'user', content: 'before' }]), patience);
    await put(one, `/v1/prompts/${slug}`, { string: string('after') });
    expect((await put(one, `/v1/prompts/${slug}/makeDefault`, { version: 2 })).status).toBe(200);
    await vi.waitFor(async () => expect(await run()).toEqual([{ role: 'user', content: 'after' }]), patience);
    const numbers = Array.from({ length: 20 }, (__, index) => index);
    const created = numbers.map((index) =>
      post(index % 2 ? one : two, '/v1/configs', { name: `c${index}`, slug: `c${index}`, config: target.config }),
    );
    expect((await Promise.all(created)).map((each) => each['slug'])).toEqual(numbers.map((index) => `c${index}`));
    for (const server of both)
      await vi.waitFor(async () => {
        const { data } = (await server.ask('/v1/configs', { key })).body as { data: { slug: string }[] };
        expect(data.map((config) => config.slug).sort()).toEqual(['main', ...numbers.map((n) => `c${n}`)].sort());
      }, patience);
    const file = argv[0] === '--data' ? argv[1] : undefined;
    if (file === undefined) return;
    expect(await Promise.all(both.map((server) => server.end()))).toEqual([0, 0]);
    const kept = JSON.parse(await readFile(file, 'utf8')) as { configs: object };
    expect(Object.keys(kept.configs)).toHaveLength(21);
  }, 90_000);
});
