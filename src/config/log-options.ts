import * as z from 'zod/mini';
import { ConfigError } from '../core/errors/config-error.ts';
import { isJsonObject } from '../core/json.ts';
import type { LogStore } from '../core/log-store.ts';
import { readShape } from '../core/read-shape.ts';

/** Where a client keeps its log records, and how much of each. At most one of `store`, `file` and `postgres`; without: in memory. */
export interface LogOptions {
  /** A store of yours, or one for several clients. */
  readonly store?: LogStore | undefined;
  /** A SQLite file, made where it is missing (Node). Several processes may share it. */
  readonly file?: string | undefined;
  /** A PostgreSQL database, as `postgres://user:password@host/database`. Needs the package `postgres`. */
  readonly postgres?: string | undefined;
  /**
   * How long records are kept: `days`, and at most so many `records`. Default: 1000 records in memory, 30 days and 1,000,000 records in a
   * file or database; a `store` of yours is only pruned where this says so.
   */
  readonly keep?: LogRetention | undefined;
  /**
   * Keep what was sent and answered, secrets taken out. Default false: prompts stay with the caller. A client or call with `debug: false`
   * is never logged with bodies.
   */
  readonly bodies?: boolean | undefined;
  /** Characters of one body at most; more is cut, with a mark. Default 65,536. */
  readonly maxBodyLength?: number | undefined;
}

/** How long records are kept. */
export interface LogRetention {
  readonly days?: number | undefined;
  readonly records?: number | undefined;
}

/** The option `logs`: what to keep where, a store, or false for no records at all. */
export type LogsOption = LogOptions | LogStore | false;

const text = z.string().check(z.minLength(1));
const schema = z.partial(
  z.strictObject({
    store: z.custom<LogStore>(isLogStore, 'Must have the methods of a log store: append, list, get, …'),
    file: text,
    postgres: text.check(z.regex(/^postgres(?:ql)?:\/\/./, 'must begin with postgres://')),
    keep: z.partial(z.strictObject({ days: z.number().check(z.positive()), records: z.int().check(z.positive()) })),
    bodies: z.boolean(),
    maxBodyLength: z.int().check(z.minimum(100), z.maximum(16_777_216)),
  }),
);

const forms =
  'Must be an object such as { "file": "logs.db" }, with "store", "file" or "postgres", and "keep", "bodies", "maxBodyLength"; a log store; or false.';

/** Reads the option `logs`; undefined where nothing is to be kept. Throws `ConfigError`, which quotes no value. */
export function readLogOptions(given: unknown): LogOptions | undefined {
  if (given === false) return undefined;
  if (given === undefined) return {};
  if (isLogStore(given)) return { store: given };
  if (!isJsonObject(given)) throw new ConfigError([{ path: 'options.logs', message: forms }], 'Invalid options');
  const result = readShape(schema, given);
  const issues = (result.success ? [] : result.error.issues).map(({ path, message }) => ({
    path: ['options.logs', ...path].join('.'),
    message: `${message.replace(/^Invalid input: /, '')}.`,
  }));
  const places = (['store', 'file', 'postgres'] as const).filter((name) => result.data?.[name] !== undefined);
  if (places.length > 1)
    issues.push({ path: 'options.logs', message: `Records go to one place: keep one of ${places.join(', ')}.` });
  if (issues.length > 0) throw new ConfigError(issues, 'Invalid options');
  return result.data;
}

const methods = ['append', 'list', 'get', 'putFeedback', 'feedback', 'feedbackOn', 'prune', 'close'];

/** A store may be of any class: its methods need not be its own. */
function isLogStore(given: unknown): given is LogStore {
  return isJsonObject(given) && methods.every((name) => typeof given[name] === 'function');
}
