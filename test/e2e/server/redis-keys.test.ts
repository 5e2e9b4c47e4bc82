import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Instance, instance } from '../../support/instance.ts';
import { type RedisServer, redisCli, startRedis } from '../../support/redis.ts';
import { simulated } from '../../support/simulated.ts';

const simulator = simulated();
const admin = 'sk-admin-of-both';
let redis: RedisServer;
let folder: string;
let one: Instance;
let two: Instance;
beforeAll(async () => {
  redis = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'modelmux-keys-'));
});
beforeEach(async () => {
  redisCli(redis.port, 'flushall');
  const path = join(folder, 'config.json');
  const pricing = { input: 1_000_000, output: 1_000_000 };
  await writeFile(path, JSON.stringify(simulator.target('openai', { pricing })));
  const argv = ['--config', path, '--redis', redis.url, '--redis-timeout', '5000', '--quiet'];
  [one, two] = await Promise.all([instance(argv, env), instance(argv, env)]);
});
afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true });
});

const env = { MODELMUX_ADMIN_KEY: admin };
const hello = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 10 };

async function keyOf(wish: object, maker = one): Promise<string> {
  const { body } = await maker.ask('/key/generate', { key: admin, body: wish });
  return (body as { key: string }).key;
}

async function statusOf(server: Instance, key: string): Promise<number> {
  return (await server.ask('/v1/chat/completions', { key, body: hello })).status;
}

async function many(each: number, key: string): Promise<readonly number[]> {
  return Promise.all([one, two].flatMap((server) => Array.from({ length: each }, () => statusOf(server, key))));
}

const ok = (all: readonly number[]) => all.filter((status) => status === 200).length;

it('a key made by one instance opens the other at once; deleted or blocked there, it opens neither', async () => {
  const key = await keyOf({ key_alias: 'zoe' });
  expect(redisCli(redis.port, 'hgetall', '{modelmux:default}:data')).not.toContain(key);
  expect(await statusOf(two, key)).toBe(200);
  await two.ask('/key/block', { key: admin, body: { key } });
  await expect.poll(() => statusOf(one, key)).toBe(401);
  await one.ask('/key/unblock', { key: admin, body: { key } });
  await expect.poll(() => statusOf(two, key)).toBe(200);
  await two.ask('/key/delete', { key: admin, body: { keys: ['zoe'] } });
  expect(await statusOf(two, key)).toBe(401);
  await expect.poll(() => statusOf(one, key)).toBe(401);
});

it('100 calls at once on two instances take no more than the key has: requests, money', async () => {
  simulator.behave('openai', { latencyMs: [20, 60], usage: { inputTokens: 3, outputTokens: 10 } });
  const often = await keyOf({ rpm_limit: 40 });
  expect(ok(await many(50, often))).toBe(40);

  const cheap = await keyOf({ max_budget: 300 });
  const good = ok(await many(50, cheap));
  expect(good).toBeGreaterThan(3);
  expect(good * 13).toBeLessThanOrEqual(300);
  // What each spent is added up, wherever one asks.
  for (const server of [one, two]) {
    await expect
      .poll(async () => (await server.ask('/key/info', { key: cheap })).body)
      .toMatchObject({ info: { spend: good * 13 } });
  }
});

it('keys outlive a Redis that loses everything, and what was deleted stays so', async () => {
  const kept = await keyOf({});
  const gone = await keyOf({});
  expect([await statusOf(two, kept), await statusOf(two, gone)]).toEqual([200, 200]);
  await redis.kill();
  expect([await statusOf(one, kept), await statusOf(two, kept)]).toEqual([200, 200]);
  await one.ask('/key/delete', { key: admin, body: { keys: [gone] } });
  expect(await statusOf(one, gone)).toBe(401);
  await redis.restart();
  await expect.poll(() => statusOf(two, gone)).toBe(401);
  expect([await statusOf(one, kept), await statusOf(two, kept)]).toEqual([200, 200]);
  await expect.poll(() => redisCli(redis.port, 'hlen', '{modelmux:default}:data').trim()).toBe('2');
});

it('an instance that starts later knows them all', async () => {
  const key = await keyOf({});
  expect(await one.end()).toBe(0);
  const later = await instance(['--redis', redis.url, '--config', join(folder, 'config.json')], env);
  expect(await statusOf(later, key)).toBe(200);
  const { body } = await later.ask('/key/list', { key: admin });
  expect((body as { keys: readonly unknown[] }).keys).toHaveLength(1);
});

it('whether an unknown key is good cannot be said without the Redis: 503, not 401', async () => {
  await redis.kill();
  const unknown = `sk-${'x'.repeat(43)}`;
  await expect.poll(() => statusOf(one, unknown)).toBe(503);
  expect(await statusOf(one, 'sk-of-no-such-form')).toBe(401);
  await redis.restart();
  await expect.poll(() => statusOf(one, unknown)).toBe(401);
});
