import { childrenOf } from './children.ts';
import type { Config } from './config.ts';
import type { ConfigLabels } from './label-fields.ts';

/** Reads the labels of every node. */
export function configLabels(node: Config): ConfigLabels {
  const below = childrenOf(node).map(configLabels);
  return {
    hasTags: node.tags !== undefined || below.some((each) => each.hasTags),
    hasDefault: node.tags?.includes('default') === true || below.some((each) => each.hasDefault),
    hasRegions: node.region !== undefined || below.some((each) => each.hasRegions),
  };
}
