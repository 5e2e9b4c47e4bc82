import type { VectorRecord } from '../../../core/vector-log.ts';

/** Vectors of many spaces in memory, to find the one nearest to another. */
export interface VectorIndex {
  /** Bytes held, about. Never above the budget. */
  readonly bytes: number;
  has(space: string): boolean;
  /** Keeps a vector of any length but 0, in place of one with the same key. When its space is full the oldest one there goes. */
  add(space: string, record: VectorRecord): void;
  /** Key of the vector whose cosine to `vector` is highest, when it is at least `least`. What has expired by `now` is passed over. */
  nearest(space: string, vector: Float32Array, least: number, now: number): string | undefined;
  remove(space: string, key: string): void;
}

/** Options of {@link createVectorIndex}. */
export interface VectorIndexOptions {
  /** Default 32 MiB. */
  readonly maxBytes?: number;
  /** Vectors of one space at most: all of them are compared, a millisecond for a thousand of 1,536 numbers. Default 2,000. */
  readonly maxVectors?: number;
}

/** What a vector costs beside its numbers: key and places in maps. */
const recordBytes = 300;

/** An empty index. When it is full the space unused for longest goes first. */
export function createVectorIndex({
  maxBytes = 32 * 1024 * 1024,
  maxVectors = 2000,
}: VectorIndexOptions = {}): VectorIndex {
  // Ordered by use: a used space is inserted anew.
  const spaces = new Map<string, Space>();
  let bytes = 0;

  function used(name: string): Space | undefined {
    const space = spaces.get(name);
    if (space === undefined) return undefined;
    spaces.delete(name);
    spaces.set(name, space);
    return space;
  }

  function drop(name: string): void {
    bytes -= spaces.get(name)?.bytes ?? 0;
    spaces.delete(name);
  }

  return {
    get bytes() {
      return bytes;
    },
    has: (name) => spaces.has(name),
    add(name, record) {
      const dimensions = record.vector.length;
      const known = used(name);
      if (known !== undefined && known.dimensions !== dimensions) drop(name);
      const most = Math.min(maxVectors, Math.floor(maxBytes / (dimensions * 4 + recordBytes)));
      if (most < 1) return;
      const space = spaces.get(name) ?? createSpace(dimensions, most);
      const before = spaces.has(name) ? space.bytes : 0;
      spaces.set(name, space);
      space.add(record);
      bytes += space.bytes - before;
      for (const oldest of spaces.keys()) {
        if (bytes <= maxBytes) break;
        drop(oldest);
      }
    },
    nearest: (name, vector, least, now) => used(name)?.nearest(vector, least, now),
    remove: (name, key) => spaces.get(name)?.remove(key),
  };
}

interface Space {
  readonly dimensions: number;
  readonly bytes: number;
  add(record: VectorRecord): void;
  nearest(vector: Float32Array, least: number, now: number): string | undefined;
  remove(key: string): void;
}

const firstCapacity = 8;

/** All vectors of a space in one array, each of length 1: a cosine is then a sum of products. */
function createSpace(dimensions: number, most: number): Space {
  let numbers = new Float32Array(Math.min(most, firstCapacity) * dimensions);
  const keys: string[] = [];
  const expiresAt: number[] = [];
  const places = new Map<string, number>();
  let oldest = 0;

  /** The place for a new vector: at the end while there is room, then that of the oldest. */
  function place(): number {
    if (keys.length < most) {
      if ((keys.length + 1) * dimensions > numbers.length) {
        const grown = new Float32Array(Math.min(most, keys.length * 2) * dimensions);
        grown.set(numbers);
        numbers = grown;
      }
      return keys.length;
    }
    const at = oldest;
    oldest = (oldest + 1) % most;
    places.delete(keys[at] ?? '');
    return at;
  }

  function cosine(vector: Float32Array, at: number): number {
    let sum = 0;
    const offset = at * dimensions;
    for (let i = 0; i < dimensions; i++) sum += (vector[i] as number) * (numbers[offset + i] as number);
    return sum;
  }

  return {
    dimensions,
    get bytes() {
      return numbers.byteLength + keys.length * recordBytes;
    },
    add({ key, vector, expiresAt: end }) {
      const unit = toUnit(vector);
      if (unit === undefined) return;
      const at = places.get(key) ?? place();
      numbers.set(unit, at * dimensions);
      keys[at] = key;
      expiresAt[at] = end;
      places.set(key, at);
    },
    nearest(vector, least, now) {
      const unit = vector.length === dimensions ? toUnit(vector) : undefined;
      if (unit === undefined) return undefined;
      let best: number | undefined;
      let highest = least - rounding;
      for (let at = 0; at < keys.length; at++) {
        if ((expiresAt[at] as number) <= now) continue;
        const similarity = cosine(unit, at);
        if (similarity < highest) continue;
        best = at;
        highest = similarity;
      }
      return best === undefined ? undefined : keys[best];
    },
    remove(key) {
      const at = places.get(key);
      if (at !== undefined) expiresAt[at] = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Single precision: a vector's cosine to itself may come out this much below 1. */
const rounding = 1e-6;

/** The same direction with length 1; undefined where there is none. */
function toUnit(vector: Float32Array): Float32Array | undefined {
  let square = 0;
  for (const value of vector) square += value * value;
  if (!(square > 0 && Number.isFinite(square))) return undefined;
  const scale = 1 / Math.sqrt(square);
  return vector.map((value) => value * scale);
}
