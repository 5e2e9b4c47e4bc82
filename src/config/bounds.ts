import { isJsonObject } from '../core/json.ts';
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
    const children = node.targets ?? node.options;
    if (!Array.isArray(children)) continue;
    children.forEach((child, index) => {
      open.push({ node: child, depth: depth + 1, path: `${path}.targets[${index}]` });
    });
  }
  return true;
}
