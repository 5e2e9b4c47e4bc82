import { hash } from '../../core/hash.ts';
import { childrenOf } from '../children.ts';
import type { Config } from '../config.ts';
import { fieldsOf } from '../own-credentials.ts';

const identities = new WeakMap<Config, string>();

/**
 * What the state of a node's own limits is kept by: its `id`, else a hash of its name and of whom the targets below ask. Weights, timeouts,
 * limits and the like may be edited without losing it. Keys enter only by their hash.
 */
export function nodeIdentity(node: Config): string {
  if (node.id !== undefined) return node.id;
  const known = identities.get(node);
  if (known !== undefined) return known;
  const made = hash(JSON.stringify([node.name ?? '', targetsOf(node)])).slice(0, 16);
  identities.set(node, made);
  return made;
}

function targetsOf(node: Config): readonly unknown[] {
  const below = childrenOf(node);
  if (below.length > 0) return below.flatMap(targetsOf);
  const { id, provider, virtual_key, api_key, custom_host, override_params } = node;
  return [id ?? [provider, virtual_key, api_key, custom_host, override_params?.model, fieldsOf(node)]];
}
