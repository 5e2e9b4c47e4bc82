import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { type Instance, instance } from '../../support/instance.ts';
import { type RedisServer, redisCli, startRedis } from '../../support/redis.ts';
import { simulated } from '../../support/simulated.ts';

const simulator = simulated();
let redis: RedisServer;
let folder: string;
beforeAll(async () => {
  redis = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'modelmux-shared-'));
});
beforeEach(() => void redisCli(redis.port, 'flushall'));
afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true });
});

const hello = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 10 };
let files = 0;

/** Two instances of one config, on the Redis of this file. */
async function pair(config: object): Promise<readonly [Instance, Instance]> {
  const path = join(folder, `config-${++files}.json`);
  await writeFile(path, JSON.stringify(config));
  // This machine may be busy: nobody goes by own limits alone because of that.
  const argv = ['--config', path, '--redis', redis.url, '--redis-timeout', '5000'];
  return Promise.all([instance(argv), instance(argv)]);
}

async function statuses(instances: readonly Instance[], each: number): Promise<readonly number[]> {
  const asked = instances.flatMap((one) =>
    Array.from({ length: each }, () => one.ask('/v1/chat/completions', { body: hello })),
  );
  return (await Promise.all(asked)).map(({ status }) => status);
}

const count = (all: readonly number[], status: number) => all.filter((each) => each === status).length;

it('two instances share a rate limit', async () => {
  const both = await pair(simulator.target('openai', { rate_limit: { requests: 10, per: '1h' } }));
  const all = await statuses(both, 15);
  expect([count(all, 200), count(all, 429)]).toEqual([10, 20]);
  expect(simulator.requests('openai')).toHaveLength(10);
});

it('two instances share a budget: what one has put aside or spent the other cannot', async () => {
  simulator.behave('openai', { text: 'one two three' });
  const pricing = { input: 1_000_000, output: 1_000_000 };
  const both = await pair(simulator.target('openai', { pricing, budget: { amount: 100, period: '1d' } }));
  const all = await statuses(both, 20);
  expect(count(all, 200)).toBeGreaterThan(0);
  expect(count(all, 200) + count(all, 429)).toBe(40);
  const spent = await Promise.all(both.map(async (one) => spentUsd((await one.ask('/router/state')).body)));
  const total = spent.reduce((sum, usd) => sum + usd, 0);
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(100);
});

function spentUsd(state: unknown): number {
  const { targets } = state as { targets: readonly { budgets?: readonly { spentUsd: number }[] }[] };
  return targets.flatMap(({ budgets = [] }) => budgets).reduce((sum, { spentUsd: usd }) => sum + usd, 0);
}

it('a target that one instance has cooled down is out of use on the other', async () => {
  simulator.behave('openai', { status: 500 });
  const [one, two] = await pair({
    strategy: { mode: 'fallback' },
    cooldown: { allowed_fails: 0, time: 600 },
    targets: [simulator.target('openai'), simulator.target('anthropic')],
  });
  expect((await one.ask('/v1/chat/completions', { body: hello })).status).toBe(200);
  expect(simulator.requests('openai')).toHaveLength(1);
  // The news travels beside a request.
  const asksTheFirst = async () => {
    const before = simulator.requests('openai').length;
    await two.ask('/v1/chat/completions', { body: hello });
    return simulator.requests('openai').length > before;
  };
  await expect.poll(asksTheFirst).toBe(false);
});

it('what one instance has cached the other answers with', async () => {
  const [one, two] = await pair({ ...simulator.target('openai'), cache: { mode: 'simple', scope: 'shared' } });
  expect((await one.ask('/v1/chat/completions', { body: hello })).status).toBe(200);
  await expect.poll(() => redisCli(redis.port, 'keys', '*cache*')).not.toBe('\n');
  const again = await two.ask('/v1/chat/completions', { body: hello });
  expect(again.headers.get('x-portkey-cache-status')).toBe('HIT');
  expect(simulator.requests('openai')).toHaveLength(1);
});

it('no request is lost when the Redis is killed and started again under load', async () => {
  const both = await pair(
    simulator.target('openai', { rate_limit: { requests: 100_000, per: '1m' }, cache: { mode: 'simple' } }),
  );
  const seen: number[] = [];
  let isOver = false;
  const load = Array.from({ length: 8 }, async (_, index) => {
    for (let turn = 0; !isOver; turn++) {
      const body = { ...hello, messages: [{ role: 'user', content: `${index} ${turn}` }] };
      const reply = await both[index % 2]?.ask('/v1/chat/completions', { body });
      seen.push(reply?.status ?? 0);
    }
  });
  const more = (amount: number) => {
    const from = seen.length;
    return expect.poll(() => seen.length).toBeGreaterThan(from + amount);
  };
  await more(50);
  await redis.kill();
  await more(50);
  await redis.restart();
  // Shared again, without anybody starting anew.
  await expect.poll(() => redisCli(redis.port, 'keys', '*')).toContain('modelmux');
  await more(50);
  isOver = true;
  await Promise.all(load);
  expect(seen.filter((status) => status !== 200)).toEqual([]);
  expect(both[0].output()).toContain('"code":"shared_state"');
});

it('SIGTERM lets what is under way finish, tells the others what it used, and the process ends by itself', async () => {
  simulator.behave('openai', { latencyMs: 300 });
  const [one, two] = await pair(simulator.target('openai', { max_concurrency: 1 }));
  const asked = one.ask('/v1/chat/completions', { body: hello });
  await expect.poll(() => simulator.requests('openai')).toHaveLength(1);
  const ended = one.end();
  expect((await asked).status).toBe(200);
  expect(await ended).toBe(0);
  // Its place is free for the other one at once, not only when a lease runs out.
  await expect.poll(async () => (await two.ask('/v1/chat/completions', { body: hello })).status).toBe(200);
  expect(await two.end()).toBe(0);
});

it('starts, answers and stops while there is no Redis', async () => {
  const gone = await startRedis();
  await gone.stop();
  const path = join(folder, 'without.json');
  await writeFile(path, JSON.stringify(simulator.target('openai', { rate_limit: { requests: 5, per: '1h' } })));
  const alone = await instance(['--config', path, '--redis', gone.url]);
  onTestFinished(async () => void (await alone.end('SIGKILL')));
  expect((await alone.ask('/v1/chat/completions', { body: hello })).status).toBe(200);
  expect(await alone.end()).toBe(0);
});
