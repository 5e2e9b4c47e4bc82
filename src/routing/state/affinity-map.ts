import { createRecencyMap } from '../../core/recency-map.ts';

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
  const entries = createRecencyMap<Remembered>();

  function put(key: string, entry: Remembered): void {
    entries.set(key, entry);
    if (entries.size > mostKeys) entries.shift();
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
    delete(key) {
      entries.delete(key);
    },
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
  const maps = createRecencyMap<AffinityMap>();
  return {
    at(node) {
      const map = maps.get(node) ?? createAffinityMap();
      maps.set(node, map);
      if (maps.size > mostNodes) maps.shift();
      return map;
    },
  };
}
