import type { DocumentStore } from '../../core/document-store.ts';
import type { SharedState } from '../../core/shared-state.ts';
import type { SharedTable } from '../../core/shared-table.ts';
import type { Store } from '../../core/store.ts';
import type { VectorLog } from '../../core/vector-log.ts';
import { commandsOf, type RedisSource } from './connect.ts';
import { requireNamespace } from './namespace.ts';
import { documentsOf } from './redis-documents.ts';
import { stateOf } from './redis-state.ts';
import { storeOf } from './redis-store.ts';
import { tableOf } from './redis-table.ts';
import { vectorsOf } from './redis-vectors.ts';

/** Options of {@link redis}. */
export interface RedisOptions {
  /** Clients of one namespace share; default `default`. Letters, digits, `.`, `_`, `:` and `-`. */
  readonly namespace?: string;
  /**
   * The longest a request waits for one answer of Redis before it goes on without it, in milliseconds. Default 5. It waits once for each attempt
   * on a target with limits or budgets (in the same answer: which other target has room, whom the user goes to, who cools), and once for a lookup in
   * a `cache`, whose answer decides whether any target is asked at all. Nobody waits for what is written, settled or given back.
   */
  readonly timeoutMs?: number;
}

/** What clients of several processes share, for the option `shared` of a client. */
export interface RedisShared {
  readonly state: SharedState;
  readonly store: Store;
  readonly vectors: VectorLog;
  readonly table: SharedTable;
  readonly documents: (collection: 'configs' | 'prompts') => DocumentStore;
  /** Closes the connection that was opened for an address; a client that was handed in stays open. */
  close(): Promise<void>;
}

const defaultTimeoutMs = 5;

/**
 * Limits, places in flight, budgets, cooldowns, affinity and cached answers shared through a Redis: a client of `ioredis` (`Redis`, Sentinel, `Cluster`) or of
 * `redis`, or an address (then one of the two packages must be installed). In a cluster the state of a namespace lies in one slot, cached
 * answers are spread over all. Throws a `TypeError` for options that cannot be meant.
 */
export function redis(source: RedisSource, options: RedisOptions = {}): RedisShared {
  const { namespace = 'default', timeoutMs = defaultTimeoutMs } = options;
  requireNamespace(namespace);
  if (!(timeoutMs > 0 && timeoutMs <= 60_000))
    throw new TypeError('"timeoutMs" is a number of milliseconds above 0, at most 60,000.');
  const commands = commandsOf(source);
  const keyPrefix = namespace === 'default' ? '' : `${namespace}:`;
  return {
    state: stateOf(commands, { namespace, timeoutMs }),
    store: { ...storeOf(commands, { keyPrefix }), timeoutMs },
    vectors: vectorsOf(commands, keyPrefix, Date.now),
    table: tableOf(commands, namespace),
    documents: (collection) => documentsOf(commands, { collection, namespace }),
    close: commands.close,
  };
}
