import type { JsonObject } from '../../../core/json.ts';
import type { Environment, Section } from '../foreign/section.ts';
import type { Settings } from './settings.ts';

/** A Redis that a document asks for. Nothing connects to it by itself: `modelmux serve` does, and a client that is given `shared` or `store`. */
export interface RedisWish {
  /** In place of all else. */
  readonly url?: string;
  readonly host?: string;
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  /** What else the document hands to its Redis client. */
  readonly options?: JsonObject;
}

/** The address of a Redis that a document asks for. It holds the password. */
export function redisAddress({
  url,
  host = 'localhost',
  port = 6379,
  username,
  password,
  db,
  options,
}: RedisWish): string {
  if (url !== undefined) return url;
  const who = password === undefined ? '' : `${encodeURIComponent(username ?? '')}:${encodeURIComponent(password)}@`;
  const scheme = options?.ssl === true ? 'rediss' : 'redis';
  return `${scheme}://${who}${host.includes(':') ? `[${host}]` : host}:${port}${db === undefined ? '' : `/${db}`}`;
}

/** Of {@link RedisWish.options} the names that an address has no place for. */
export function beyondAddress({ options = {} }: RedisWish): readonly string[] {
  return Object.keys(options).filter((name) => name !== 'ssl');
}

/** What each part of the address is called. */
export type RedisKeys = Readonly<Record<'url' | 'host' | 'port' | 'password' | 'username' | 'db', readonly string[]>>;

const routerKeys: RedisKeys = {
  url: ['redis_url'],
  host: ['redis_host'],
  port: ['redis_port'],
  password: ['redis_password'],
  username: ['redis_username'],
  db: ['redis_db'],
};

/** The Redis of the Router's own arguments, by which processes share what they know; undefined where it names none. */
export function routerRedis(settings: Settings): RedisWish | undefined {
  const holder = Object.values(routerKeys)
    .flat()
    .map(settings.holder)
    .find((section) => section !== undefined);
  const wish = holder === undefined ? undefined : redisFrom(holder, {}, routerKeys);
  const more = settings.holder('cache_kwargs')?.object('cache_kwargs');
  if (more === undefined || Object.keys(more).length === 0) return wish;
  return { ...wish, options: more };
}

/** The address in `section`, else in LiteLLM's environment variables; undefined where neither names one. */
export function redisFrom(
  section: Section | undefined,
  environment: Environment,
  keys: RedisKeys,
): RedisWish | undefined {
  const text = (part: keyof RedisKeys): string | undefined => {
    const key = keys[part].find((name) => section?.has(name));
    const given = key === undefined ? environment[`REDIS_${part.toUpperCase()}`] : section?.line(key);
    return given === undefined || given.trim() === '' ? undefined : given.trim();
  };
  const [url, host, username, password] = [text('url'), text('host'), text('username'), text('password')];
  const [port, db] = [toNumber(text('port')), toNumber(text('db'))];
  if (url === undefined && host === undefined) return undefined;
  if (url !== undefined && !/^rediss?:\/\/[^/]/.test(url)) {
    const key = keys.url.find((name) => section?.has(name));
    if (key !== undefined) section?.refuse(key, 'The address of a Redis begins with "redis://" or "rediss://".');
  }
  return {
    ...(url === undefined ? {} : { url }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(db === undefined ? {} : { db }),
  };
}

function toNumber(text: string | undefined): number | undefined {
  const number = Number(text);
  return text === undefined || !Number.isInteger(number) ? undefined : number;
}
