import type { Runtime } from '../../../core/runtime.ts';
import type { Store, StoredValue } from '../../../core/store.ts';
import { bounded, publicReason } from '../../../vault/bounded.ts';

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
export function guardedStore(store: Store, { clock, events }: Pick<Runtime, 'clock' | 'events'>): GuardedStore {
  let isDown = false;
  let askAgainAt = Number.NEGATIVE_INFINITY;

  function failed(action: string, error: unknown): undefined {
    askAgainAt = clock.now() + pauseMs;
    if (isDown) return;
    isDown = true;
    const message = `The store failed to ${action}: ${publicReason(error)}. Until it works again nothing is read from it or kept in it.`;
    events.emit('warning', { code: 'store', message });
  }

  function worked<Value>(value: Value): Value {
    isDown = false;
    return value;
  }

  /** One operation on the store, and what becomes of its answer. */
  function attempt<Answer, Result>(
    { name, limitMs }: { readonly name: string; readonly limitMs: number },
    run: () => Answer | PromiseLike<Answer>,
    read: (answer: Answer) => Result,
  ): Result | undefined | Promise<Result | undefined> {
    if (clock.now() < askAgainAt) return undefined;
    try {
      const answer = run();
      if (!isThenable(answer)) return worked(read(answer));
      return bounded(async () => answer, limitMs, clock).then(
        (late) => worked(read(late)),
        (error) => failed(name, error),
      );
    } catch (error) {
      return failed(name, error);
    }
  }

  return {
    get: (key) => attempt({ name: 'read', limitMs: longestReadMs }, () => store.get(key), toText),
    set: (key, text, ttlMs) =>
      attempt(
        { name: 'write', limitMs: longestWriteMs },
        () => store.set(key, text, ttlMs),
        () => undefined,
      ),
  };
}

function isThenable<Answer>(answer: Answer | PromiseLike<Answer>): answer is PromiseLike<Answer> {
  return typeof (answer as { readonly then?: unknown } | null | undefined)?.then === 'function';
}

/** Drivers differ in what they give back for text they were given. */
function toText(value: StoredValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}
