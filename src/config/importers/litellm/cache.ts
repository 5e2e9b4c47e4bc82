import type { CacheConfig } from '../../config.ts';
import type { Environment, Section } from '../foreign/section.ts';
import { type RedisWish, redisFrom } from './redis.ts';
import type { Settings } from './settings.ts';

/** LiteLLM's Router keeps answers for an hour where the document says nothing. */
const defaultSeconds = 3600;
/** The longest that a `cache` may keep. */
const longestSeconds = 7_776_000;

/** What a document wants cached, and where. */
export interface CacheWish {
  readonly cache?: CacheConfig;
  /** Where the cache is kept, when not in memory. */
  readonly redis?: RedisWish;
}

/** Reads `cache_responses`, and `cache` with `cache_params`. `routerRedis`: the Router's own Redis, which its cache uses. */
export function readCache(settings: Settings, routerRedis: RedisWish | undefined, environment: Environment): CacheWish {
  settings.warn('caching_groups', 'Groups do not share entries: what they are asked differs by its model.');
  const isRouters = settings.holder('cache_responses')?.boolean('cache_responses') === true;
  const isOn = settings.holder('cache')?.boolean('cache') === true || isRouters;
  const holder = settings.holder('cache_params');
  if (!isOn) holder?.warn('cache_params', 'No effect without "cache": true.');
  const params = isOn ? holder?.section('cache_params') : undefined;
  const isOptIn = params?.text('mode') === 'default_off';
  // The proxy's cache is in Redis where nothing is said.
  const type = params?.text('type') ?? (isRouters ? 'router' : 'redis');
  const redis = type === 'local' ? undefined : (redisOf(params, type, environment) ?? routerRedis);
  const cache = toCache(params, redis !== undefined);
  params?.finish(['type', 'ttl', 'namespace', 'host', 'port', 'password']);
  if (!isOn) return {};
  return { cache: isOptIn ? { ...cache, opt_in: true } : cache, ...(redis === undefined ? {} : { redis }) };
}

/** The cache's own Redis; LiteLLM's environment variables name it where the document does not. */
function redisOf(params: Section | undefined, type: string, environment: Environment): RedisWish | undefined {
  if (!['redis', 'redis-cluster', 'router'].includes(type))
    params?.warn(
      'type',
      `"${type}" has no counterpart: equal requests are answered from ${type.startsWith('redis') ? 'Redis' : 'memory'}.`,
    );
  return redisFrom(params, type.startsWith('redis') ? environment : {}, keysOfParams);
}

function toCache(params: Section | undefined, isShared: boolean): CacheConfig {
  params?.warn('supported_call_types', 'All kinds of requests that can be cached are.');
  const namespace = params?.text('namespace');
  return {
    mode: 'simple',
    max_age: Math.min(longestSeconds, Math.max(1, ttlOf(params) ?? defaultSeconds)),
    ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    ...(isShared ? { scope: 'shared' } : {}),
  };
}

const keysOfParams = {
  url: ['redis_url', 'url'],
  host: ['host'],
  port: ['port'],
  password: ['password'],
  username: ['username'],
  db: ['db'],
};

const ttls = ['ttl', 'default_in_redis_ttl', 'default_in_memory_ttl'];

function ttlOf(params: Section | undefined): number | undefined {
  const [key, ...others] = ttls.filter((name) => params?.has(name));
  for (const other of others) params?.warn(other, `Overruled by "${key}".`);
  return key === undefined ? undefined : params?.number(key);
}
