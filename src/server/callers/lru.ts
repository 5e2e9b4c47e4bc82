/** Values by key; the least recently used goes when there are too many. */
export interface Lru<Value> {
  /** The value of `key`, made where there is none. What `make` throws is thrown, and nothing kept. */
  get(key: string, make: () => Value): Value;
}

/** An empty one that holds at most `size` values. */
export function createLru<Value>(size: number): Lru<Value> {
  const values = new Map<string, Value>();
  return {
    get(key, make) {
      const known = values.get(key);
      const value = known ?? make();
      // The order of a map is that of its insertions. Moving to the end is needed only where something may have to go.
      if (known !== undefined && values.size * 2 < size) return known;
      values.delete(key);
      values.set(key, value);
      if (values.size > size) values.delete(values.keys().next().value ?? '');
      return value;
    },
  };
}
