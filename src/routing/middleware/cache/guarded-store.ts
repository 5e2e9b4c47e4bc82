import type { Runtime } from '../../../core/runtime.ts';
import type { Store, StoredValue } from '../../../core/store.ts';
import type { Outage } from '../shared/outage.ts';
import { createStoreGuard } from './store-guard.ts';

/** What a request may lose to a slow store that says nothing of it, in milliseconds. */
const longestReadMs = 5;

/** Nobody waits for a write, so a big value may take its time. Milliseconds. */
const longestWriteMs = 1000;

/** How long a failing store is left alone before one more try, in milliseconds. */
const pauseMs = 1000;

/** A store that cannot do harm: it never throws or rejects, and answers at once where the store does. */
export interface GuardedStore {
  /** Text kept under `key`; undefined when there is none, and when the store fails or does not answer in its time. */
  get(key: string): string | undefined | Promise<string | undefined>;
  /** Keeps `text` for `ttlMs`. The promise resolves when that is done or given up. */
  set(key: string, text: string, ttlMs: number): undefined | Promise<undefined>;
}

/** The place where a store lies with other things that processes share. */
export interface SharedPlace {
  readonly outage: Outage;
}

/**
 * Guards a user's store. After a failure, or silence for 100 ms, it is not asked for a second, so that an outage costs next to nothing; the
 * first failure of an outage is told in one `warning` event, of code `store`, or `shared_state` where the store lies in a shared place.
 */
export function guardedStore(
  store: Store,
  runtime: Pick<Runtime, 'clock' | 'events'>,
  place?: SharedPlace,
): GuardedStore {
  const guard = createStoreGuard({ ...(place === undefined ? ownWords : sharedWords), ...place, pauseMs }, runtime);
  const reading = { name: 'read', limitMs: store.timeoutMs ?? longestReadMs, isAwaited: true };
  const writing = { name: 'write', limitMs: longestWriteMs, isAwaited: false };
  const nothing = () => undefined;
  return {
    get: (key) => guard(reading, () => store.get(key), toText),
    set: (key, text, ttlMs) => guard(writing, () => store.set(key, text, ttlMs), nothing),
  };
}

const ownWords = {
  code: 'store',
  subject: 'The store',
  consequence: 'Until it works again nothing is read from it or kept in it.',
} as const;

const sharedWords = {
  code: 'shared_state',
  subject: 'The shared store',
  consequence: 'Until it answers again this process goes on alone.',
} as const;

/** Drivers differ in what they give back for text they were given. */
function toText(value: StoredValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}
