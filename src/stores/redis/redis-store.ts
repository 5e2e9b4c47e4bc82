import type { Store } from '../../core/store.ts';
import type { RedisCommands } from './commands.ts';
import { commandsOf, type RedisSource } from './connect.ts';

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** Stands before every key. Default: nothing; the cache's own keys begin with `modelmux:cache:`. */
  readonly keyPrefix?: string;
  /** The longest a request waits for an answer before it goes on without it, in milliseconds. Default 5. */
  readonly timeoutMs?: number;
}

/** A store in Redis, for one or many processes. Keys are spread over all nodes of a cluster. Takes a client of `ioredis` or `redis`, or an address. */
export function redisStore(source: RedisSource, options: RedisStoreOptions = {}): RedisStore {
  const { timeoutMs } = options;
  const commands = commandsOf(source);
  const store = { ...storeOf(commands, options), close: commands.close };
  return timeoutMs === undefined ? store : { ...store, timeoutMs };
}

/** A store that may hold a connection of its own. */
export interface RedisStore extends Store {
  /** Closes the connection that was opened for an address; a client that was handed in stays open. */
  close(): Promise<void>;
}

/** The store port over `commands`. */
export function storeOf(commands: RedisCommands, { keyPrefix = '' }: RedisStoreOptions): Store {
  return {
    async get(key) {
      const value = await commands.send(keyPrefix + key, ['GET', keyPrefix + key]);
      return value instanceof Uint8Array || typeof value === 'string' ? value : undefined;
    },
    set(key, value, ttlMs) {
      const name = keyPrefix + key;
      if (!(ttlMs > 0)) return commands.send(name, ['DEL', name]);
      return commands.send(name, ['SET', name, value, 'PX', String(Math.ceil(ttlMs))]);
    },
    delete: (key) => commands.send(keyPrefix + key, ['DEL', keyPrefix + key]),
  };
}
