import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VectorLog } from '../../../src/core/vector-log.ts';
import { redis } from '../../../src/stores/redis/redis.ts';
import { type RedisServer, redisCli, startRedis } from '../../support/redis.ts';
import { clientMakers, type OpenClient } from '../../support/redis-clients.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
beforeEach(() => void redisCli(server.port, 'flushall'));
afterAll(() => server.stop());

const record = (key: string, ...numbers: number[]) => ({
  key,
  vector: Float32Array.from(numbers),
  expiresAt: Date.now() + 60_000,
});

describe.each(['ioredis', 'redis'] as const)('vectors in Redis, through %s', (name) => {
  let open: OpenClient;
  let log: VectorLog;
  beforeAll(async () => {
    open = await clientMakers[name](server);
    log = redis(open.client, { namespace: 'n' }).vectors;
  });
  afterAll(() => open.close());

  it('come back as they were, oldest first, and each once', async () => {
    const [a, b] = [record('a', 0.1, -2.5, 1e-30), record('b', 3)];
    expect(await log.since('s', undefined)).toEqual({ records: [], cursor: undefined });
    await log.append('s', a);
    await log.append('s', b);
    const first = await log.since('s', undefined);
    expect(first.records).toEqual([a, b]);
    expect(await log.since('s', first.cursor)).toEqual({ records: [], cursor: first.cursor });
    const c = record('c', 4);
    await log.append('s', c);
    expect((await log.since('s', first.cursor)).records).toEqual([c]);
    expect((await log.since('other', undefined)).records).toEqual([]);
  });

  it('are read from the newest 500 on, and kept up to about 2,000 a space', async () => {
    for (let i = 0; i < 2300; i += 100)
      await Promise.all(Array.from({ length: 100 }, (_, j) => log.append('s', record(`k${i + j}`, 1))));
    const { records } = await log.since('s', undefined);
    expect([records.length, records[0]?.key, records.at(-1)?.key]).toEqual([500, 'k1800', 'k2299']);
    expect(Number(redisCli(server.port, 'xlen', 'n:s'))).toBeLessThan(2200);
  });

  it('go when the last of them has expired', async () => {
    await log.append('s', record('a', 1));
    const left = Number(redisCli(server.port, 'pttl', 'n:s'));
    expect(left).toBeGreaterThan(30_000);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  it('pass over what somebody else has put there', async () => {
    redisCli(server.port, 'xadd', 'n:s', '*', 'k', 'a', 'e', '1', 'v', 'abc');
    redisCli(server.port, 'xadd', 'n:s', '*', 'other', 'thing');
    await log.append('s', record('a', 1));
    expect((await log.since('s', undefined)).records.map(({ key }) => key)).toEqual(['a']);
  });
});

it.each([
  [{ namespace: 'a}b' }, '"namespace" is 1 to 100 letters'],
  [{ namespace: '' }, '"namespace" is 1 to 100 letters'],
  [{ timeoutMs: 0 }, '"timeoutMs" is a number of milliseconds above 0'],
])('refuses options that cannot be meant: %j', (options, message) => {
  expect(() => redis('redis://localhost', options)).toThrow(message);
});
