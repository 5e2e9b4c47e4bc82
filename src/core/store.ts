/** What a store keeps. Text may come back as its UTF-8 bytes. */
export type StoredValue = string | Uint8Array;

/**
 * Values by key, each for a limited time. Every method may answer at once or with a promise. A store that throws, rejects or hangs
 * harms no request: it counts as empty until it works again.
 */
export interface Store {
  /** The longest a request waits for `get`, in milliseconds; default 5. */
  readonly timeoutMs?: number;
  /** The value, or undefined when there is none or its time is over. Nothing changes a value once it was given out. */
  get(key: string): StoredValue | undefined | Promise<StoredValue | undefined>;
  /** Keeps `value` for `ttlMs` milliseconds (> 0), in place of one of the same key. May drop it earlier to make room. A promise is waited for. */
  set(key: string, value: StoredValue, ttlMs: number): unknown;
  /** Forgets `key`; nothing happens when there is none. A promise is waited for. */
  delete(key: string): unknown;
}
