import { createRecencyMap } from '../core/recency-map.ts';
import { type Clock, systemClock } from '../core/runtime.ts';
import type { Store, StoredValue } from '../core/store.ts';

const defaultMaxBytes = 64 * 1024 * 1024;

/** What an entry costs beside its key and value: its place in the map and its object. */
const entryBytes = 128;

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Most that is kept, in bytes; text counts two a character. Default 64 MiB. */
  readonly maxBytes?: number;
  readonly clock?: Pick<Clock, 'now'>;
}

/** A store in this process's memory. */
export interface MemoryStore extends Store {
  /** Bytes kept, expired entries nobody has asked for since included. Never above `maxBytes`. */
  readonly bytes: number;
}

/**
 * A bounded store in memory that answers at once. When it is full the entry unused for longest goes first; a value beyond the whole
 * budget is not kept. It has no timers: what has expired goes when it is asked for or crowded out.
 */
export function memoryStore({ maxBytes = defaultMaxBytes, clock = systemClock }: MemoryStoreOptions = {}): MemoryStore {
  const entries = createRecencyMap<Entry>();
  let bytes = 0;

  function remove(key: string): void {
    bytes -= entries.delete(key)?.bytes ?? 0;
  }

  function makeRoom(mostBytes: number): void {
    while (bytes > mostBytes) bytes -= entries.shift()?.bytes ?? 0;
  }

  return {
    get bytes() {
      return bytes;
    },
    get(key) {
      const entry = entries.use(key);
      if (entry === undefined) return undefined;
      if (clock.now() < entry.expiresAt) return ownCopy(entry.value);
      remove(key);
      return undefined;
    },
    set(key, value, ttlMs) {
      remove(key);
      const size = entryBytes + 2 * key.length + sizeOf(value);
      if (!(ttlMs > 0) || size > maxBytes) return;
      makeRoom(maxBytes - size);
      entries.set(key, { value: ownCopy(value), bytes: size, expiresAt: clock.now() + ttlMs });
      bytes += size;
    },
    delete(key) {
      remove(key);
    },
  };
}

interface Entry {
  readonly value: StoredValue;
  readonly bytes: number;
  readonly expiresAt: number;
}

function sizeOf(value: StoredValue): number {
  return typeof value === 'string' ? 2 * value.length : value.byteLength;
}

/** Bytes can be changed by whoever holds them; text cannot. */
function ownCopy(value: StoredValue): StoredValue {
  return typeof value === 'string' ? value : value.slice();
}
