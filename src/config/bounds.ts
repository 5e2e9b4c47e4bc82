import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Issues } from './issues.ts';

/** Levels of `targets` a config may nest. */
export const maxDepth = 32;
/** Nodes a config may hold in all. */
export const maxNodes = 100_000;

/** Is the tree small enough to be read further? Walks `targets` (and the legacy `options`) without recursion, so that a cyclic object ends too. */
export function isWithinBounds(config: unknown, issues: Issues): boolean {
  const open: { readonly node: unknown; readonly depth: number; readonly path: string }[] = [
    { node: config, depth: 1, path: '$' },
  ];
  for (let count = 1; open.length > 0; count++) {
    const { node, depth, path } = open.pop() as (typeof open)[number];
    if (count > maxNodes) {
      issues.add('$', `The config has more than ${maxNodes} nodes.`);
      return false;
    }
    if (depth > maxDepth) {
      issues.add(path, `The config nests deeper than ${maxDepth} levels, or contains itself.`);
      return false;
    }
    if (!isJsonObject(node)) continue;
    if (isJsonObject(node.cache))
      open.push({ node: node.cache.embedding, depth: depth + 1, path: `${path}.cache.embedding` });
    for (const child of childrenOf(node, path)) open.push({ ...child, depth: depth + 1 });
  }
  return true;
}

/** Of a root also its model groups, in either spelling. */
function childrenOf(node: JsonObject, path: string): readonly { readonly node: unknown; readonly path: string }[] {
  const targets = node.targets ?? node.options;
  const groups = node.model_groups ?? node.modelGroups;
  return [
    ...(Array.isArray(targets) ? targets : []).map((child, index) => ({
      node: child,
      path: `${path}.targets[${index}]`,
    })),
    ...Object.entries(isJsonObject(groups) ? groups : {}).map(([name, child]) => ({
      node: child,
      path: `${path}.model_groups[${JSON.stringify(name)}]`,
    })),
  ];
}
