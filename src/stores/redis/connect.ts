import { type RedisClient, type RedisCommands, toCommands } from './commands.ts';

/** A client handed in, or the address of a Redis to connect to: `redis://user:password@host:6379/0`, `rediss://…` for TLS. */
export type RedisSource = RedisClient | string;

/**
 * The commands of `source`. For an address the connection is opened now, with whichever of the packages `ioredis` and `redis` is
 * installed; commands wait until it stands. Throws a `TypeError` for what is neither client nor address.
 */
export function commandsOf(source: RedisSource): RedisCommands {
  return typeof source === 'string' ? connected(source) : toCommands(source);
}

function connected(url: string): RedisCommands {
  requireAddress(url);
  const opening = open(url);
  // Said by every command, as often as one is sent.
  opening.catch(() => undefined);
  return {
    send: async (key, args) => (await opening).send(key, args),
    close: async () => (await opening.catch(() => undefined))?.close(),
  };
}

/** Throws a `TypeError` for what is no address of a Redis. */
export function requireAddress(url: string): void {
  if (!/^rediss?:\/\/[^/]/.test(url))
    throw new TypeError('The address of a Redis begins with "redis://" or "rediss://".');
}

async function open(url: string): Promise<RedisCommands> {
  const ioredis = await import('ioredis').catch(() => undefined);
  if (ioredis !== undefined) {
    // A command waits for the connection, and not for another one once that is lost.
    const client = new ioredis.Redis(url, { maxRetriesPerRequest: 0 });
    // An error without a listener would end the process; it is reported where a command fails.
    client.on('error', () => undefined);
    return { ...toCommands(client), close: async () => client.disconnect() };
  }
  const redis = await import('redis').catch(() => undefined);
  if (redis === undefined)
    throw new Error('A Redis address needs the package "ioredis" or "redis": npm install ioredis.');
  const client = redis.createClient({ url });
  client.on('error', () => undefined);
  client.connect().catch(() => undefined);
  return { ...toCommands(client as RedisClient), close: async () => client.destroy() };
}
