import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster, createSentinel } from 'redis';
import type { RedisClient } from '../../src/stores/redis/commands.ts';
import type { RedisCluster, RedisSentinel, RedisServer } from './redis.ts';

/** Opens a client of each package; `close` ends it whatever its state. */
export interface OpenClient {
  readonly client: RedisClient;
  close(): void;
}

/** A client of either package for one server. */
export const clientMakers: Readonly<
  Record<'ioredis' | 'redis', (server: Pick<RedisServer, 'url'>) => Promise<OpenClient>>
> = {
  async ioredis({ url }) {
    const client = new Redis(url);
    client.on('error', () => undefined);
    return { client, close: () => client.disconnect() };
  },
  async redis({ url }) {
    const client = createClient({ url });
    client.on('error', () => undefined);
    await client.connect();
    return { client: client as RedisClient, close: () => client.destroy() };
  },
};

/** A client of either package for a cluster. */
export const clusterClientMakers: Readonly<
  Record<'ioredis' | 'redis', (cluster: RedisCluster) => Promise<OpenClient>>
> = {
  async ioredis({ nodes }) {
    const client = new Cluster([...nodes]);
    client.on('error', () => undefined);
    return { client, close: () => client.disconnect() };
  },
  async redis({ nodes }) {
    const client = createCluster({ rootNodes: nodes.map(({ host, port }) => ({ url: `redis://${host}:${port}` })) });
    client.on('error', () => undefined);
    await client.connect();
    return { client: client as RedisClient, close: () => client.destroy() };
  },
};

/** A client of either package for what a sentinel watches. */
export const sentinelClientMakers: Readonly<
  Record<'ioredis' | 'redis', (sentinel: RedisSentinel) => Promise<OpenClient>>
> = {
  async ioredis({ name, sentinels }) {
    const client = new Redis({ name, sentinels: [...sentinels] });
    client.on('error', () => undefined);
    return { client, close: () => client.disconnect() };
  },
  async redis({ name, sentinels }) {
    const client = createSentinel({ name, sentinelRootNodes: [...sentinels] });
    client.on('error', () => undefined);
    await client.connect();
    return { client: client as RedisClient, close: () => client.destroy() };
  },
};
