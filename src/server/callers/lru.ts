import { createRecencyMap } from '../../core/recency-map.ts';

/** Values by key; the least recently used goes when there are too many. */
export interface Lru<Value> {
  /** The value of `key`, made where there is none. What `make` throws is thrown, and nothing kept. */
  get(key: string, make: () => Value): Value;
}

/** An empty one that holds at most `size` values. */
export function createLru<Value>(size: number): Lru<Value> {
  const values = createRecencyMap<Value>();
  return {
    get(key, make) {
      const known = values.use(key);
      if (known !== undefined) return known;
      const value = make();
      values.set(key, value);
      if (values.size > size) values.shift();
      return value;
    },
  };
}
