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
  // A Map keeps the order of insertion and a used entry is inserted anew: the first one is the one unused for longest.
  const entries = new Map<string, Entry>();
  // One iterator for all time: a fresh one would pass over the holes that the deleted ones left, again and again.
  let oldest = entries.keys();
  let bytes = 0;

  function remove(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    entries.delete(key);
    bytes -= entry.bytes;
    return entry;
  }

  function insert(key: string, entry: Entry): void {
    entries.set(key, entry);
    bytes += entry.bytes;
  }

  function makeRoom(mostBytes: number): void {
    while (bytes > mostBytes) {
      const { done, value } = oldest.next();
      if (done) oldest = entries.keys();
      else remove(value);
    }
  }

  return {
    get bytes() {
      return bytes;
    },
    get(key) {
      const entry = remove(key);
      if (entry === undefined || clock.now() >= entry.expiresAt) return undefined;
      insert(key, entry);
      return ownCopy(entry.value);
    },
    set(key, value, ttlMs) {
      remove(key);
      const size = entryBytes + 2 * key.length + sizeOf(value);
      if (!(ttlMs > 0) || size > maxBytes) return;
      makeRoom(maxBytes - size);
      insert(key, { value: ownCopy(value), bytes: size, expiresAt: clock.now() + ttlMs });
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
