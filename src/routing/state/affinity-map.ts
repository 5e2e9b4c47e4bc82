/** Which target requests of a kind go to: by key, each for a time, a bounded number of them. */
export interface AffinityMap {
  /** The target's identity; undefined when there is none, or its time is over. */
  get(key: string, now: number): string | undefined;
  set(key: string, target: string, until: number): void;
  delete(key: string): void;
}

const mostKeys = 10_000;
const mostNodes = 1000;

/** An empty map. When it is full, the key that was set longest ago makes room. */
export function createAffinityMap(): AffinityMap {
  const entries = new Map<string, { readonly target: string; readonly until: number }>();
  return {
    get(key, now) {
      const entry = entries.get(key);
      if (entry === undefined || entry.until > now) return entry?.target;
      entries.delete(key);
      return undefined;
    },
    set(key, target, until) {
      entries.delete(key);
      if (entries.size >= mostKeys) entries.delete(entries.keys().next().value ?? '');
      entries.set(key, { target, until });
    },
    delete: (key) => entries.delete(key),
  };
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
