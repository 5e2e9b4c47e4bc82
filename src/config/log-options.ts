import * as z from 'zod';
import { ConfigError } from '../core/errors/config-error.ts';
import { isJsonObject } from '../core/json.ts';
import type { LogStore } from '../core/log-store.ts';

/** Where a client keeps its log records, and how much of each. */
export interface LogOptions {
  /** A store of yours, for one thing with several clients. */
  readonly store?: LogStore;
  /** Records in memory at most, without `store`. Default 1000. */
  readonly maxRecords?: number;
}

/** The option `logs`: what to keep where, a store, or false for no records at all. */
export type LogsOption = LogOptions | LogStore | false;

const options = z.strictObject({
  store: z.custom<LogStore>(isLogStore, 'Must have the methods of a log store: append, list, get, …').optional(),
  maxRecords: z.int().positive().max(1_000_000).optional(),
});

/** Reads the option `logs`; undefined where nothing is to be kept. Throws `ConfigError`. */
export function readLogOptions(given: unknown): LogOptions | undefined {
  if (given === false) return undefined;
  if (given === undefined) return {};
  if (isLogStore(given)) return { store: given };
  const result = options.safeParse(given);
  if (result.success) return result.data as LogOptions;
  const issues = result.error.issues.map(({ path, message }) => ({
    path: ['options.logs', ...path].join('.'),
    message: `${message.replace(/^Invalid input: /, '')}.`,
  }));
  throw new ConfigError(issues, 'Invalid options');
}

const methods = ['append', 'list', 'get', 'putFeedback', 'feedback', 'feedbackOn', 'prune', 'close'];

function isLogStore(given: unknown): given is LogStore {
  return isJsonObject(given) && methods.every((name) => typeof given[name] === 'function');
}
