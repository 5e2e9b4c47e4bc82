import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { backgroundClock } from '../../src/core/runtime.ts';
import { redis } from '../../src/stores/redis/index.ts';
import type { AffinityReport } from '../support/affinity-worker.ts';
import { fleet, target } from '../support/fleet.ts';
import { type RedisServer, redisCli, startRedis } from '../support/redis.ts';

let server: RedisServer;
let connection: Redis;
beforeAll(async () => {
  server = await startRedis();
  connection = new Redis(server.url);
});
// Each test in a namespace of its own: what one before it still had to say may come late.
let tests = 0;
let namespace = '';
beforeEach(() => {
  namespace = `test-${++tests}`;
});
afterAll(async () => {
  connection.disconnect();
  await server.stop();
});

const names = ['a', 'b', 'c', 'd'];
const limited = { rate_limit: { requests: 1000, per: '1s' } } satisfies Partial<Config>;
const node = (more: Partial<Config> = {}, fields: Partial<Config> = {}): Config => ({
  strategy: { mode: 'loadbalance', algorithm: 'round_robin' },
  affinity: { by: 'user', ttl: 600 },
  targets: names.map((name) => target(name, fields)),
  ...more,
});

/** A client like that of another process. */
const another = (config: Config, shared = sharedHere()) => fleet(config, { shared, clock: backgroundClock });
const sharedHere = () => redis(connection, { timeoutMs: 5000, namespace });
const asUser = ({ ask }: ReturnType<typeof another>, user: string) => ask({}, {}, { user });
const bonds = () =>
  redisCli(server.port, '--raw', 'keys', `{modelmux:${namespace}}*:bond:*`).split('\n').filter(Boolean);

describe.each([
  ['without limits', {}],
  ['with limits', limited],
])('targets %s', (_, fields) => {
  it('a user whom one process knows goes to the same target in every other', async () => {
    const [one, two, three] = [another(node({}, fields)), another(node({}, fields)), another(node({}, fields))];
    for (const user of ['u1', 'u2', 'u3', 'u4', 'u5']) {
      const first = await asUser(one, user);
      expect([await asUser(two, user), await asUser(three, user), await asUser(two, user)]).toEqual([
        first,
        first,
        first,
      ]);
    }
  });

  it('new users that come to many processes at the same moment too', async () => {
    const clients = Array.from({ length: 6 }, () => another(node({}, fields)));
    for (const user of ['v1', 'v2', 'v3', 'v4']) {
      const answers = await Promise.all(clients.map((client) => asUser(client, user)));
      expect(new Set(answers).size).toBe(1);
    }
  });

  it('asks once for a user, in the same round trip as for room', async () => {
    const { state, ...rest } = sharedHere();
    const exchange = vi.fn(state.exchange);
    const one = another(node({}, fields), { ...rest, state: { ...state, exchange } });
    // Beside them it looks now and then what others have to say.
    const asked = () =>
      exchange.mock.calls.filter(
        ([{ candidates, bonds }]) => candidates.length > 0 || bonds.some(({ kind }) => kind === 'ask'),
      ).length;
    await asUser(one, 'w');
    expect(asked()).toBe(1);
    for (let i = 0; i < 5; i++) await asUser(one, 'w');
    expect(asked()).toBe(fields === limited ? 6 : 1);
  });

  it('a target that fails loses its users in every process, to one and the same', async () => {
    const config = node(
      {
        strategy: { mode: 'loadbalance', algorithm: 'round_robin', failover: true },
        cooldown: { allowed_fails: 0, time: 600 },
      },
      fields,
    );
    const [one, two] = [another(config), another(config)];
    const first = String(await asUser(one, 'x'));
    expect(await asUser(two, 'x')).toBe(first);
    for (const client of [one, two]) client.answers[first] = 500;
    const next = await asUser(one, 'x');
    expect(next).not.toBe(first);
    await expect.poll(() => asUser(two, 'x')).toBe(next);
    expect(await asUser(one, 'x')).toBe(next);
  });
});

it('says nothing of users in Redis, and forgets them after the time given', async () => {
  await asUser(another(node({ affinity: { by: 'user', ttl: 60 } })), 'alice@example.com');
  const [bond = '', ...others] = bonds();
  expect(others).toEqual([]);
  expect(redisCli(server.port, '--raw', 'keys', '*')).not.toContain('alice');
  const left = Number(redisCli(server.port, 'pttl', bond));
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(60_000);
});

it('nodes of other targets, or of another id, do not share their users', async () => {
  const [one, two] = [another(node({ id: 'n1' })), another(node({ id: 'n2' }))];
  await Promise.all([asUser(one, 'u'), asUser(two, 'u')]);
  expect(bonds()).toHaveLength(2);
});

it('a full target keeps its users: one who had to go elsewhere comes back', async () => {
  const config = node({}, { max_concurrency: 1 });
  const [one, two] = [another(config), another(config)];
  const first = String(await asUser(one, 'y'));
  one.answers[first] = 'stream';
  const open = await one.portkey.chat.completions.create({ model: 'm', messages: [], user: 'y', stream: true });
  expect(await asUser(two, 'y')).not.toBe(first);
  open.controller.abort();
  await expect.poll(() => asUser(two, 'y'), { interval: 60 }).toBe(first);
});

it('goes on by what this process knows when Redis is gone, and by what all know when it is back', async () => {
  const own = await startRedis();
  const connection = new Redis(own.url);
  connection.on('error', () => undefined);
  const client = () => fleet(node(), { shared: redis(connection, { timeoutMs: 200 }), clock: backgroundClock });
  const [one, two] = [client(), client()];
  const warnings: string[] = [];
  for (const { portkey } of [one, two]) portkey.on('warning', ({ code }) => code === 'pricing' || warnings.push(code));
  /** Where both send the user. A machine that is too busy to answer in time lets each go by itself for a while. */
  const agreed = async (user: string) => {
    const both = async () => new Set([await asUser(two, user), await asUser(one, user)]).size;
    await expect.poll(both).toBe(1);
    return asUser(one, user);
  };
  const first = await agreed('z');
  await own.kill();
  for (let i = 0; i < 5; i++) {
    expect(await asUser(one, 'z')).toBe(first);
    await asUser(two, 'new');
  }
  await own.restart();
  await asUser(two, 'new');
  await expect.poll(() => redisCli(own.port, '--raw', 'keys', '*:bond:*').trim()).not.toBe('');
  await agreed('new');
  expect(new Set(warnings)).toEqual(new Set(['shared_state']));
  connection.disconnect();
  await own.stop();
});

it('a response is continued where it was made, in whatever process', async () => {
  const config = node({ affinity: { by: 'session' } });
  const responses = (name: string) => ({
    status: 200,
    body: { id: `resp_${name}`, object: 'response', status: 'completed', model: name, output: [] },
  });
  const [one, two] = [another(config), another(config)];
  for (const client of [one, two]) for (const name of names) client.answers[name] = responses(name);
  for (let i = 0; i < 3; i++) {
    const made = await one.portkey.responses.create({ model: 'm', input: 'hi' });
    await expect.poll(() => bonds().length).toBeGreaterThan(i);
    const next = await two.portkey.responses.create({ model: 'm', input: 'more', previous_response_id: made.id });
    expect(next.model).toBe(made.model);
  }
});

it.each(['free', 'limited'])(
  'four processes send each of forty users to one target, from the first call on (%s)',
  async (kind) => {
    const file = join(import.meta.dirname, '../support/affinity-worker.ts');
    const processes = Array.from({ length: 4 }, () => fork(file, [server.url, kind], { execArgv: [] }));
    const message = (child: (typeof processes)[number]) =>
      new Promise<unknown>((resolve, reject) => {
        child.once('message', resolve);
        child.once('exit', (code) => reject(new Error(`A worker ended: ${code}.`)));
      });
    await Promise.all(processes.map(message));
    const reports = Promise.all(processes.map(message));
    for (const child of processes) child.send('go');
    const all = ((await reports) as readonly AffinityReport[]).flat();
    const targets = Map.groupBy(all, ([user]) => user);
    expect(all).toHaveLength(4 * 3 * 40);
    for (const [user, calls] of targets) expect([user, new Set(calls.map(([, name]) => name)).size]).toEqual([user, 1]);
    expect(new Set(all.map(([, name]) => name)).size).toBe(5);
  },
);
