import { setTimeout as delay } from 'node:timers/promises';
import { Option } from 'commander';
import { type RedisShared, type RedisStore, redis, redisStore } from '../stores/redis/index.ts';
import type { ForeignServe } from './foreign/foreign-serve.ts';
import { CliFailure } from './io.ts';
import { numberFrom } from './option-values.ts';

/** Milliseconds. Longer than a library waits: whoever asks over HTTP notices less, and a limit that all instances share is worth a little time. */
const defaultTimeoutMs = 50;

/** `--redis` */
export const redisOption = new Option(
  '--redis <url>',
  'share limits, budgets, cooldowns, caches and keys with other instances through this Redis',
);

/** `--redis-timeout` */
export const redisTimeoutOption = new Option(
  '--redis-timeout <ms>',
  'longest a request waits for it before this instance goes by its own limits',
)
  .argParser(numberFrom(1, 60_000))
  .default(defaultTimeoutMs);

/** What a server keeps in Redis. */
export interface ServeRedis {
  readonly shared: RedisShared | undefined;
  /** Cached answers, where they lie elsewhere. */
  readonly store: RedisStore | undefined;
  close(): Promise<void>;
}

/**
 * What instances share through the Redis at `url`, else through those that the config file names. An address may hold a password and is
 * never quoted.
 */
export function redisOver(url: string | undefined, named: ForeignServe['redis'], timeoutMs: number): ServeRedis {
  const { shared: sharedUrl, store: storeUrl } = url === undefined ? (named ?? {}) : { shared: url };
  const source = url === undefined ? '--config' : '--redis';
  const shared = sharedUrl === undefined ? undefined : opened(source, () => redis(sharedUrl, { timeoutMs }));
  const store = storeUrl === undefined ? undefined : opened(source, () => redisStore(storeUrl));
  return {
    shared,
    store,
    async close() {
      await Promise.all([shared?.close(), store?.close()]);
    },
  };
}

function opened<Place>(source: string, open: () => Place): Place {
  try {
    return open();
  } catch (error) {
    throw new CliFailure(`${source}: ${(error as Error).message}`);
  }
}

const longestGreetingMs = 2000;

/** Does the Redis answer? Asked before the first request, so that limits are shared from then on. */
export function answers({ store }: RedisShared): Promise<boolean> {
  const asked = Promise.resolve(store.get('modelmux:greeting')).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, delay(longestGreetingMs, false, { ref: false })]);
}

/** A server without its Redis starts all the same. */
export const noRedis = 'The Redis does not answer. Until it does this instance goes by its own limits alone.';
