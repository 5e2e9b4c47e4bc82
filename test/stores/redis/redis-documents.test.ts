import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisDocuments } from '../../../src/stores/redis/redis-documents.ts';
import { documentStoreSuite } from '../../conformance/document-store-suite.ts';
import { type RedisServer, redisCli, startRedis, startRedisCluster } from '../../support/redis.ts';
import { clientMakers, clusterClientMakers, type OpenClient } from '../../support/redis-clients.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

describe.each(['ioredis', 'redis'] as const)('with a client of %s', (name) => {
  let open: OpenClient;
  beforeAll(async () => {
    open = await clientMakers[name](server);
  });
  afterAll(() => open.close());

  documentStoreSuite(`redis on ${name}`, (keepVersions) => {
    redisCli(server.port, 'flushall');
    const bound = keepVersions === undefined ? {} : { keepVersions };
    const make = () => redisDocuments(open.client, { collection: 'configs', ...bound });
    return { store: make(), other: make() };
  });

  it('keeps namespaces and collections apart', async () => {
    redisCli(server.port, 'flushall');
    const configs = redisDocuments(open.client, { collection: 'configs' });
    await configs.put({ slug: 'a', name: 'A', content: {} });
    for (const options of [{ collection: 'prompts' }, { collection: 'configs', namespace: 'b' }] as const)
      expect(await redisDocuments(open.client, options).list()).toEqual([]);
    expect(await configs.list()).toHaveLength(1);
  });
});

describe('in a cluster', () => {
  let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.stop());

  it.each(['ioredis', 'redis'] as const)('writes and reads with %s', async (name) => {
    const { client, close } = await clusterClientMakers[name](cluster);
    const store = redisDocuments(client, { collection: 'configs', namespace: name });
    await store.put({ slug: 'a}b', name: 'A', content: { a: 'ü' } });
    await store.put({ slug: 'a}b', name: 'A', content: { a: 2 } }, 1);
    expect((await store.versions('a}b')).map(({ content }) => content)).toEqual([{ a: 2 }, { a: 'ü' }]);
    close();
  });
});

it('opens a connection for an address, and closes it', async () => {
  redisCli(server.port, 'flushall');
  const store = redisDocuments(server.url, { collection: 'prompts' });
  await store.put({ slug: 'a', name: 'A', content: {} });
  expect(await store.get('a')).toMatchObject({ number: 1 });
  await store.close();
  await expect(store.get('a')).rejects.toThrow();
});

it.each([
  [{ collection: 'other' }],
  [{ collection: 'configs', namespace: '{' }],
  [{ collection: 'configs', keepVersions: 0 }],
])('refuses %j', (options) => {
  expect(() => redisDocuments(server.url, options as never)).toThrow(TypeError);
});
