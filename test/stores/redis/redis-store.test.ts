import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisStore } from '../../../src/stores/redis/redis-store.ts';
import { storeSuite } from '../../conformance/store-suite.ts';
import { type RedisServer, redisCli, startRedis } from '../../support/redis.ts';
import { clientMakers, type OpenClient } from '../../support/redis-clients.ts';

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

describe('with an address', () => {
  it('connects by itself, and closes what it opened', async () => {
    const store = redisStore(server.url);
    await expect
      .poll(() =>
        Promise.resolve(store.set('k', 'v', 60_000)).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
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
