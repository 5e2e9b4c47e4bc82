import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redis } from '../../../src/stores/redis/redis.ts';
import { redisStore } from '../../../src/stores/redis/redis-store.ts';
import { storeSuite } from '../../conformance/store-suite.ts';
import { type RedisServer, redisCli, startRedis, startRedisCluster, startRedisSentinel } from '../../support/redis.ts';
import {
  clientMakers,
  clusterClientMakers,
  type OpenClient,
  sentinelClientMakers,
} from '../../support/redis-clients.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** One millisecond of the suite is a minute here, so that a slow machine changes nothing. */
const scale = 60_000;

describe.each(['ioredis', 'redis'] as const)('with a client of %s', (name) => {
  let open: OpenClient;
  beforeAll(async () => {
    open = await clientMakers[name](server);
  });
  afterAll(() => open.close());

  storeSuite(`redis store on ${name}`, () => {
    redisCli(server.port, 'flushall');
    const store = redisStore(open.client);
    return {
      store: { ...store, set: (key, value, ttlMs) => store.set(key, value, ttlMs * scale) },
      pass(ms) {
        const keys = redisCli(server.port, '--raw', 'keys', '*')
          .split('\n')
          .filter((key) => key !== '');
        for (const key of keys) {
          const left = Number(redisCli(server.port, 'pttl', key)) - ms * scale;
          redisCli(server.port, 'pexpire', key, String(left));
        }
      },
    };
  });

  it('puts its prefix before every key, and asks Redis to forget after the time in milliseconds', async () => {
    redisCli(server.port, 'flushall');
    await redisStore(open.client, { keyPrefix: 'app:' }).set('k', 'v', 60_000.4);
    expect(redisCli(server.port, 'keys', '*').trim()).toBe('app:k');
    const left = Number(redisCli(server.port, 'pttl', 'app:k'));
    expect(left).toBeGreaterThan(30_000);
    expect(left).toBeLessThanOrEqual(60_001);
  });

  it('keeps nothing for no time', async () => {
    const store = redisStore(open.client);
    await store.set('k', 'old', 1000);
    await store.set('k', 'new', 0);
    expect(await store.get('k')).toBeUndefined();
  });
});

describe.each(['ioredis', 'redis'] as const)('through %s', (name) => {
  it('spreads its keys over the nodes of a cluster', async () => {
    const cluster = await startRedisCluster();
    const { client, close } = await clusterClientMakers[name](cluster);
    const store = redisStore(client);
    const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`);
    for (const key of keys) await store.set(key, `value of ${key}`, 60_000);
    const values = await Promise.all(keys.map(async (key) => text(await store.get(key))));
    expect(values).toEqual(keys.map((key) => `value of ${key}`));
    const sizes = cluster.nodes.map(({ port }) => Number(redisCli(port, 'dbsize')));
    expect([Math.min(...sizes) > 0, sizes.reduce((total, size) => total + size)]).toEqual([true, 60]);
    close();
    await cluster.stop();
  });

  it('finds the master that a sentinel watches', async () => {
    const sentinel = await startRedisSentinel();
    const { client, close } = await sentinelClientMakers[name](sentinel);
    const { store, state } = redis(client);
    await store.set('k', new Uint8Array([0, 255]), 60_000);
    expect([...((await store.get('k')) as Uint8Array)]).toEqual([0, 255]);
    const message = { sender: 'a', batch: 0, corrections: [], openings: [], seenVersion: 0, lease: 'l', leaseMs: 1000 };
    expect((await state.exchange({ ...message, candidates: [[]], bonds: [] })).taken).toBe(0);
    close();
    await sentinel.stop();
  });
});

function text(value: unknown): string {
  return new TextDecoder().decode(value as Uint8Array);
}

describe('with an address', () => {
  it('connects by itself, and closes what it opened', async () => {
    const store = redisStore(server.url);
    await store.set('k', 'v', 60_000);
    expect(new TextDecoder().decode((await store.get('k')) as Uint8Array)).toBe('v');
    await store.close();
    await expect(store.get('k')).rejects.toThrow();
  });

  it.each(['localhost:6379', 'http://localhost', ''])('refuses %j', (url) => {
    expect(() => redisStore(url)).toThrow('The address of a Redis begins with "redis://" or "rediss://".');
  });

  it.each([{}, null, { sendCommand: 1 }])('refuses what is no client (%#)', (client) => {
    expect(() => redisStore(client as never)).toThrow('Expected a client of the package "ioredis"');
  });
});
