import type { Config } from './config.ts';

/** The nodes right below one: its targets, of a root also its model groups. */
export function childrenOf({ targets = [], model_groups = {} }: Config): readonly Config[] {
  return [...targets, ...Object.values(model_groups)];
}

/** The targets below a node, itself where it is one. */
export function leavesOf(node: Config): readonly Config[] {
  const children = childrenOf(node);
  return children.length === 0 ? [node] : children.flatMap(leavesOf);
}

/** A copy of a node in which `change` has been applied to each node right below it; the same node where there is none. */
export function withChildren(node: Config, change: (child: Config) => Config): Config {
  const { targets, model_groups } = node;
  if (targets === undefined && model_groups === undefined) return node;
  const groups = Object.entries(model_groups ?? {}).map(([name, group]) => [name, change(group)] as const);
  return {
    ...node,
    ...(targets === undefined ? {} : { targets: targets.map(change) }),
    ...(model_groups === undefined ? {} : { model_groups: Object.fromEntries(groups) }),
  };
}
