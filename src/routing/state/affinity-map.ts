/** Which target requests of a kind go to: by key, each for a time, a bounded number of them. */
export interface AffinityMap {
  /** The target's identity; undefined when there is none, or its time is over. */
  get(key: string, now: number): string | undefined;
  set(key: string, target: string, until: number): void;
  delete(key: string): void;
  /** Other processes say so; they need not be asked again before `freshUntil`. */
  hear(key: string, target: string, times: { readonly until: number; readonly freshUntil: number }): void;
  isFresh(key: string, now: number): boolean;
}

const mostKeys = 10_000;
const mostNodes = 1000;

/** An empty map. When it is full, the key that was set longest ago makes room. */
export function createAffinityMap(): AffinityMap {
  const entries = new Map<string, Remembered>();
  // One iterator for all time: a fresh one would pass over the holes that the deleted ones left, again and again.
  let oldest = entries.keys();

  function dropOldest(): void {
    const first = oldest.next();
    if (first.done) oldest = entries.keys();
    const { value } = first.done ? oldest.next() : first;
    if (value !== undefined) entries.delete(value);
  }

  function put(key: string, entry: Remembered): void {
    entries.delete(key);
    if (entries.size >= mostKeys) dropOldest();
    entries.set(key, entry);
  }

  return {
    get(key, now) {
      const entry = entries.get(key);
      if (entry === undefined || entry.until > now) return entry?.target;
      entries.delete(key);
      return undefined;
    },
    set(key, target, until) {
      const known = entries.get(key);
      put(key, { target, until, freshUntil: known?.target === target ? known.freshUntil : Number.NEGATIVE_INFINITY });
    },
    delete: (key) => entries.delete(key),
    hear: (key, target, { until, freshUntil }) => put(key, { target, until, freshUntil }),
    isFresh: (key, now) => (entries.get(key)?.freshUntil ?? now) > now,
  };
}

interface Remembered {
  readonly target: string;
  readonly until: number;
  readonly freshUntil: number;
}

/** The maps of a client by node: editing a config elsewhere does not forget them. */
export interface AffinityMaps {
  at(node: string): AffinityMap;
}

/** No maps yet. The nodes compiled last keep theirs. */
export function createAffinityMaps(): AffinityMaps {
  const maps = new Map<string, AffinityMap>();
  return {
    at(node) {
      const map = maps.get(node) ?? createAffinityMap();
      maps.delete(node);
      if (maps.size >= mostNodes) maps.delete(maps.keys().next().value ?? '');
      maps.set(node, map);
      return map;
    },
  };
}
