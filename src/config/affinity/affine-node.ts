import type { ChildrenView, Picker } from '../../core/algorithm.ts';
import type { Child } from '../../core/strategy.ts';
import { textHash } from '../../core/text-hash.ts';
import { type Affine, affinity, affinityKey, type SharedMemory } from '../../routing/algorithms/index.ts';
import type { SharedLink } from '../../routing/middleware/index.ts';
import type { AffinityMaps } from '../../routing/state/affinity-map.ts';
import type { Affinity } from './affinity-config.ts';

/** A node with an `affinity`. */
export interface AffineNode {
  readonly affinity: Affinity;
  /** `id` of the node, where it has one. */
  readonly id: string | undefined;
  readonly maps: AffinityMaps;
  /** To other processes that remember the same. */
  readonly link: SharedLink | undefined;
}

const defaultTtl = { prefix: 300, other: 3600 };

/** `affinity` of a node, over its picker. The memory is that of the node's `id`, else of nodes with the same targets. */
export function affineNode(node: AffineNode, picker: Picker, children: readonly Child[], view: ChildrenView): Affine {
  const { affinity: given, id, maps, link } = node;
  const by = typeof given.by === 'string' ? [given.by] : given.by;
  const ttl = given.ttl ?? (by[0] === 'prefix' ? defaultTtl.prefix : defaultTtl.other);
  const identity = id ?? children.map((_, index) => view.identity(index)).join(' ');
  return affinity(picker, children, {
    keyOf: affinityKey(by),
    ttlMs: ttl * 1000,
    map: maps.at(identity),
    view,
    weights: children.map(({ weight }) => weight),
    memory: link && sharedMemory(link, identity),
  });
}

/** What processes remember of a node, under names that say nothing of users. */
function sharedMemory(link: SharedLink, node: string): SharedMemory {
  const nameOf = (key: string) => textHash(`${node}\n${key}`) + textHash(key, 1);
  return {
    nameOf,
    bind(key, { target, over, ttlMs }, onBound) {
      const bond = { kind: 'bind', key: nameOf(key), target, ttlMs } as const;
      link.bind(over === undefined ? bond : { ...bond, over }, onBound);
    },
    unbind: (key, target) => link.bind({ kind: 'unbind', key: nameOf(key), target }, () => undefined),
    ask: (key) => link.boundTo(nameOf(key)),
  };
}
