import { childrenOf } from '../children.ts';
import type { Config } from '../config.ts';
import { type LimitSpec, limitSpecs } from './limit-specs.ts';

const known = new WeakMap<Config, ReadonlyMap<string, readonly LimitSpec[]>>();

/**
 * The limits of each quota group of a config: those written on the objects that name it. They hold for all its members, also for those that
 * only name the group. Where two say different amounts of one thing, the smaller holds.
 */
export function groupLimits(root: Config): ReadonlyMap<string, readonly LimitSpec[]> {
  const before = known.get(root);
  if (before !== undefined) return before;
  const groups = new Map<string, Map<string, LimitSpec>>();
  collect(root, groups);
  const limits = new Map([...groups].map(([group, specs]) => [group, [...specs.values()]]));
  known.set(root, limits);
  return limits;
}

function collect(node: Config, groups: Map<string, Map<string, LimitSpec>>): void {
  const { quota_group: group } = node;
  if (group !== undefined) {
    const specs = groups.get(group) ?? new Map<string, LimitSpec>();
    groups.set(group, specs);
    for (const spec of limitSpecs(node)) {
      const name = `${spec.of} ${spec.perMs}`;
      if (spec.limit < (specs.get(name)?.limit ?? Number.POSITIVE_INFINITY)) specs.set(name, spec);
    }
  }
  for (const child of childrenOf(node)) collect(child, groups);
}
