import { Redis } from 'ioredis';
import { type Config, Portkey, type PortkeyOptions } from 'modelmux';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { redis } from '../../src/stores/redis/index.ts';
import { fleet, settle, target } from '../support/fleet.ts';
import { answering, embedding, meanings } from '../support/meanings.ts';
import { type RedisServer, redisCli, startRedis } from '../support/redis.ts';
import { scriptedState } from '../support/scripted-state.ts';

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

const clients: Portkey[] = [];
afterEach(() => void clients.splice(0));

/** A client like that of another process. On a busy machine an answer of Redis may take longer than the 5 ms of the default. */
function another(config: Config, options: Partial<PortkeyOptions> = {}) {
  const made = fleet(config, { shared: shared(), clock: systemClock, ...options });
  clients.push(made.portkey);
  return made;
}

const shared = () => redis(connection, { namespace, timeoutMs: 5000 });

const systemClock = {
  now: () => Date.now(),
  after(ms: number, callback: () => void) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

const limited = (requests: number, more: Partial<Config> = {}) =>
  target('a', { rate_limit: { requests, per: '10m' }, ...more });

const usage = (prompt: number, completion: number) => ({
  status: 200,
  body: {
    id: '1',
    object: 'chat.completion',
    created: 1,
    model: 'a',
    choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  },
});

describe('two processes', () => {
  it('share a rate limit; who is refused is told when to come again', async () => {
    const [one, other] = [another(limited(5)), another(limited(5))];
    const asked = [await one.ask(), await one.ask(), await one.ask(), await other.ask(), await other.ask()];
    expect(asked).toEqual(['a', 'a', 'a', 'a', 'a']);
    for (const client of [other, one]) {
      const refused = await client.ask();
      expect(refused).toMatchObject({ name: 'CapacityError', status: 429 });
      expect(Number(Object(refused).retryAfter)).toBeGreaterThan(500);
    }
    expect(one.log.length + other.log.length).toBe(5);
  });

  it('asked at once they never exceed it together', async () => {
    const two = [another(limited(20)), another(limited(20))];
    const asked = await Promise.all(two.flatMap((client) => Array.from({ length: 30 }, () => client.ask())));
    expect(asked.filter((answer) => answer === 'a')).toHaveLength(20);
    expect(two.map(({ log }) => log.length).reduce((total, calls) => total + calls)).toBe(20);
  });

  it('a failure that the provider did not count is given back to both', async () => {
    const [one, other] = [another(limited(1)), another(limited(1))];
    one.answers.a = { status: 500 };
    const fetch: typeof globalThis.fetch = () =>
      Promise.reject(Object.assign(new TypeError('x'), { code: 'ECONNREFUSED' }));
    const broken = another(limited(1), { fetch });
    expect(await broken.ask()).toMatchObject({ name: 'APIConnectionError' });
    await expect.poll(() => redisCli(server.port, 'hget', keyOf('window'), 't')).toBe('0\n');
    expect(await other.ask()).toBe('a');
    expect(await one.ask()).toMatchObject({ name: 'CapacityError' });
  });

  it('share tokens; what a reply really used takes the place of the estimate', async () => {
    const config = target('a', { rate_limit: { tokens: 1000, per: '10m' } });
    const [one, other] = [another(config), another(config)];
    one.answers.a = usage(50, 100);
    other.answers.a = usage(50, 100);
    const ask = (client: typeof one) => client.ask({}, {}, { max_tokens: 800 });
    expect(await ask(one)).toBe('a');
    await expect.poll(() => redisCli(server.port, 'hget', keyOf('window'), 't')).toBe('150\n');
    expect(await ask(other)).toBe('a');
    await expect.poll(() => redisCli(server.port, 'hget', keyOf('window'), 't')).toBe('300\n');
    expect(await ask(one)).toMatchObject({ name: 'CapacityError' });
  });

  it('share places in flight, streams until they end', async () => {
    const config = target('a', { max_concurrency: 2 });
    const [one, other] = [another(config), another(config)];
    one.answers.a = 'stream';
    const streams = [await one.stream(), await one.stream()];
    expect(await other.ask()).toMatchObject({ name: 'CapacityError' });
    streams[0]?.controller.abort();
    await expect.poll(() => other.ask(), { interval: 60 }).toBe('a');
    for (const stream of streams) stream.controller.abort();
    await expect.poll(() => redisCli(server.port, 'exists', `{modelmux:${namespace}}:lease:a concurrency`)).toBe('0\n');
  });

  it('share a budget: it is exhausted for both at once, and what was only put aside comes back', async () => {
    const config: Config = {
      strategy: { mode: 'fallback' },
      targets: [
        target('primary', {
          pricing: { input: 0, output: 1000 },
          budget: [{ amount: 1, period: 'month' }],
        }),
        target('backup'),
      ],
    };
    const [one, other] = [another(config), another(config)];
    for (const client of [one, other]) client.answers.primary = usage(0, 300);
    // Put aside for a call: 500 tokens of a tenth of a cent, half of the budget.
    const ask = (client: typeof one) => client.ask({}, {}, { max_tokens: 500 });
    const spent = () => Number(redisCli(server.port, 'get', keyOf('total')));
    await ask(one);
    await expect.poll(spent).toBe(300_000);
    await ask(other);
    await expect.poll(spent).toBe(600_000);
    await Promise.all([ask(one), ask(other), ask(one), ask(other)]);
    expect([...one.log, ...other.log].filter((name) => name === 'primary')).toHaveLength(2);
    expect([...one.log, ...other.log].filter((name) => name === 'backup')).toHaveLength(4);
  });

  it('take a limit that only steers for a last choice when they have used it up together', async () => {
    const steering = (name: string) => target(name, { rate_limit: { requests: 2, per: '10m', mode: 'steer' } });
    const config: Config = {
      strategy: { mode: 'loadbalance', algorithm: 'weighted' },
      targets: [
        { ...steering('a'), weight: 1000 },
        { ...steering('b'), weight: 1 },
      ],
    };
    const [one, other] = [another(config), another(config)];
    const asked = [];
    for (let i = 0; i < 6; i++) asked.push(await (i % 2 === 0 ? one : other).ask());
    // The first one did not hear of the second call. In the end both are over, and somebody is called all the same.
    expect([asked.slice(0, 5), asked.length]).toEqual([['a', 'a', 'a', 'b', 'b'], 6]);
  });

  it('tell each other of a target that cools', async () => {
    const config: Config = {
      strategy: { mode: 'fallback' },
      cooldown: { allowed_fails: 0, time: 600 },
      targets: [target('a'), target('b')],
    };
    const [one, other] = [another(config), another(config)];
    one.answers.a = 500;
    expect(await one.ask()).toBe('b');
    // The other one hears of it with a call that comes after the news, and goes by it from then on.
    const heard = async () => {
      await other.ask();
      return other.of('a')?.health;
    };
    await expect.poll(heard).toBe('cooling');
    other.log.length = 0;
    expect(await other.ask()).toBe('b');
    expect(other.log).toEqual(['b']);
    const [mine, theirs] = [one.of('a')?.openUntil ?? 0, other.of('a')?.openUntil ?? 0];
    expect(Math.abs(mine - theirs)).toBeLessThan(60_000);
  });

  it('of other namespaces share nothing', async () => {
    const one = another(limited(1));
    const other = another(limited(1), {
      shared: redis(connection, { namespace: `${namespace}-other`, timeoutMs: 5000 }),
    });
    expect([await one.ask(), await other.ask()]).toEqual(['a', 'a']);
  });
});

describe('a loadbalance', () => {
  it.each([true, false])(
    'goes to another target when the one picked is used up elsewhere (failover %s)',
    async (failover) => {
      const config: Config = {
        strategy: { mode: 'loadbalance', failover },
        targets: ['a', 'b', 'c'].map((name) => target(name, { rate_limit: { requests: 1, per: '10m' } })),
      };
      const [one, other] = [another(config), another(config)];
      const asked = [await one.ask(), await other.ask(), await one.ask()];
      expect([...asked].sort()).toEqual(['a', 'b', 'c']);
      for (const client of [one, other]) expect(await client.ask()).toMatchObject({ name: 'CapacityError' });
    },
  );

  it('finds the only one of eight targets with room in one round trip', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const config: Config = {
      strategy: { mode: 'loadbalance' },
      targets: names.map((name) => target(name, { rate_limit: { requests: 1, per: '10m' } })),
    };
    const one = another(config);
    for (let i = 0; i < 7; i++) await one.ask();
    const left = names.find((name) => !one.log.includes(name));
    const { store, state, ...rest } = shared();
    const exchange = vi.fn(state.exchange);
    const other = another(config, { shared: { ...rest, store, state: { ...state, exchange } } });
    expect([await other.ask(), exchange.mock.calls.length]).toEqual([left, 1]);
  });

  it('charges its first call to a shared budget too, though prices are known only when it comes to its target', async () => {
    const priced = (name: string): Config => ({
      id: name,
      virtual_key: name,
      override_params: { model: 'gpt-4o' },
      rate_limit: { requests: 100, per: '10m' },
      budget: [{ amount: 1, period: 'month' }],
    });
    const vault = async (slug: string) => ({ provider: 'openai', api_key: 'k', custom_host: `http://${slug}.test/v1` });
    const one = another({ strategy: { mode: 'loadbalance' }, targets: [priced('a'), priced('b')] }, { vault });
    for (const name of ['a', 'b']) one.answers[name] = usage(1000, 1000);
    await one.ask();
    await expect.poll(() => Number(redisCli(server.port, 'get', keyOf('total')))).toBeGreaterThan(1000);
    // Nothing is counted twice on the way.
    await expect.poll(() => redisCli(server.port, 'hget', keyOf('window'), 't')).toBe('1\n');
  });

  it('never goes back to a target that has failed, when that gave way to another', async () => {
    const config: Config = {
      strategy: { mode: 'loadbalance', failover: true },
      targets: ['a', 'b', 'c'].map((name) => target(name, { rate_limit: { requests: 1, per: '10m' } })),
    };
    const one = another({ ...config, targets: config.targets?.slice(0, 1) ?? [] });
    await one.ask();
    const other = another(config);
    for (const name of ['a', 'b', 'c']) other.answers[name] = 500;
    await other.ask();
    expect([...other.log].sort()).toEqual(['b', 'c']);
  });

  it('waits in its queue for what other processes leave', async () => {
    const config = target('a', { rate_limit: { requests: 1, per: '300ms' }, queue: { max_wait: 20 } });
    const two = [another(config), another(config)];
    const asked = await Promise.all(two.flatMap((client) => Array.from({ length: 4 }, () => client.ask())));
    expect(asked).toEqual(new Array(8).fill('a'));
  });
});

describe('caches', () => {
  const body = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };

  it('with scope "shared" answer what another process was answered', async () => {
    const config: Config = { cache: { mode: 'simple', scope: 'shared' }, ...target('a') };
    const [one, other] = [another(config), another(config)];
    const status = async ({ portkey }: typeof one) =>
      (await portkey.chat.completions.create(body)).getHeaders()['cache-status'];
    expect(await status(one)).toBe('MISS');
    await expect
      .poll(() => redisCli(server.port, 'keys', `${namespace}:modelmux:cache:*`))
      .toContain('modelmux:cache:');
    expect([await status(other), other.log]).toEqual(['HIT', []]);
  });

  it('also what means the same', async () => {
    const provider = meanings({ first: 0, second: 10, 'another thing': 90 });
    const config: Config = { cache: { mode: 'semantic', scope: 'shared', embedding }, ...answering };
    const reads: Promise<unknown>[] = [];
    const client = () => {
      const { vectors, ...rest } = shared();
      const since: typeof vectors.since = (...asked) => {
        const reading = vectors.since(...asked);
        reads.push(reading);
        return reading;
      };
      return new Portkey({
        environment: {},
        fetch: provider.fetch,
        config,
        shared: { ...rest, vectors: { ...vectors, since } },
      });
    };
    const status = async (portkey: Portkey, content: string) => {
      const reply = await portkey.chat.completions.create({ model: 'm', messages: [{ role: 'user', content }] });
      return reply.getHeaders()['cache-status'];
    };
    expect(await status(client(), 'first')).toBe('SEMANTIC MISS');
    await expect
      .poll(() => redisCli(server.port, 'keys', `${namespace}:modelmux:vectors:*`))
      .toContain('modelmux:vectors:');
    const other = client();
    // Its first request does not wait long for the vectors of others; they are there with the next.
    expect(await status(other, 'another thing')).toBe('SEMANTIC MISS');
    await Promise.all(reads);
    await settle();
    expect([await status(other, 'second'), provider.asked.length]).toEqual(['SEMANTIC HIT', 2]);
  });
});

describe('a shared state that hangs', () => {
  it('costs a hundred calls in turn 5 ms each for the first 100 ms and nothing after, with one warning, and local limits hold', async () => {
    const state = scriptedState();
    const shared = { ...redis(connection), state };
    const { ask, portkey, clock, log, elapsed } = fleet(limited(61), { shared });
    await ask();
    log.length = 0;
    state.behave('hang');
    const warnings: string[] = [];
    portkey.on('warning', ({ code }) => warnings.push(code));
    const body = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };
    const added: number[] = [];
    let refused = 0;
    for (let i = 0; i < 100; i++) {
      const before = elapsed();
      let isDone = false;
      portkey.chat.completions.create(body).then(
        () => {
          isDone = true;
        },
        () => {
          isDone = true;
          refused++;
        },
      );
      for (await settle(); !isDone; await settle()) clock.advance(1);
      added.push(elapsed() - before);
    }
    expect(added.slice(0, 20)).toEqual(new Array(20).fill(5));
    expect(added.slice(20)).toEqual(new Array(80).fill(0));
    expect([log.length, refused, warnings]).toEqual([60, 40, ['shared_state']]);
  });
});

it('refuses what is nothing to share, and something to share beside a gateway', () => {
  expect(() => new Portkey({ shared: server.url as never })).toThrow(
    'options.shared: Must be what redis(…) of "modelmux/redis" returns.',
  );
  const beside = { shared: redis(connection), baseURL: 'http://gateway.test/v1', apiKey: 'k' };
  expect(() => new Portkey(beside)).toThrow('Has no meaning with "baseURL"');
});

/** The only window or total of this test. */
function keyOf(kind: 'window' | 'total'): string {
  return redisCli(server.port, '--raw', 'keys', `{modelmux:${namespace}}:${kind}:*`).trim();
}
