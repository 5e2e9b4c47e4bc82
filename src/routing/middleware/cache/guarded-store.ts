import type { Runtime } from '../../../core/runtime.ts';
import type { Store, StoredValue } from '../../../core/store.ts';
import { createStoreGuard } from './store-guard.ts';

/** What a request may lose to a slow store, in milliseconds. */
const longestReadMs = 5;

/** Nobody waits for a write, so a big value may take its time. Milliseconds. */
const longestWriteMs = 1000;

/** How long a failing store is left alone before one more try, in milliseconds. */
const pauseMs = 1000;

/** A store that cannot do harm: it never throws or rejects, and answers at once where the store does. */
export interface GuardedStore {
  /** Text kept under `key`; undefined when there is none, and when the store fails or does not answer within 5 ms. */
  get(key: string): string | undefined | Promise<string | undefined>;
  /** Keeps `text` for `ttlMs`. The promise resolves when that is done or given up. */
  set(key: string, text: string, ttlMs: number): undefined | Promise<undefined>;
}

/**
 * Guards a user's store. After a failure it is not asked for a second, so that an outage costs next to nothing; the first failure of
 * an outage is told in one `warning` event of code `store`.
 */
export function guardedStore(store: Store, runtime: Pick<Runtime, 'clock' | 'events'>): GuardedStore {
  const consequence = 'Until it works again nothing is read from it or kept in it.';
  const guard = createStoreGuard({ subject: 'The store', consequence, pauseMs }, runtime);
  const nothing = () => undefined;
  return {
    get: (key) => guard({ name: 'read', limitMs: longestReadMs }, () => store.get(key), toText),
    set: (key, text, ttlMs) =>
      guard({ name: 'write', limitMs: longestWriteMs }, () => store.set(key, text, ttlMs), nothing),
  };
}

/** Drivers differ in what they give back for text they were given. */
function toText(value: StoredValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}
