import { isJsonObject } from '../../core/json.ts';
import type { CacheConfig, Config } from '../config.ts';
import type { Issues } from '../issues.ts';

/** `cache.embedding` as a node, `model` put where a node has it. `respellNode` reads the rest. */
export function readEmbedding(
  given: unknown,
  { path, issues }: { readonly path: string; readonly issues: Issues },
  respellNode: (node: unknown) => unknown,
): unknown {
  if (!isJsonObject(given) || given.model === undefined) return respellNode(given);
  const { model, ...rest } = given;
  const node = respellNode(rest);
  if (!isJsonObject(node)) return node;
  const params = isJsonObject(node.override_params) ? node.override_params : {};
  if (typeof model !== 'string' || model === '') issues.add(`${path}.model`, 'Must be the name of a model.');
  if (params.model !== undefined)
    issues.add(`${path}.model`, 'Given together with "override_params.model", which says the same thing. Keep one.');
  return { ...node, override_params: { ...params, model } };
}

/** Reports what a `cache` cannot mean. */
export function checkCache(cache: CacheConfig, path: string, issues: Issues): void {
  const { mode, threshold, embedding } = cache;
  if (mode === 'simple') {
    for (const [key, value] of Object.entries({ threshold, embedding }))
      if (value !== undefined)
        issues.add(`${path}.${key}`, 'Has no effect with mode "simple". It belongs to "semantic".');
    return;
  }
  if (embedding === undefined) {
    const example = '{ "provider": "openai", "model": "text-embedding-3-small" }';
    const message = `Missing. Mode "semantic" compares requests by embeddings: say who makes them, as in ${example}.`;
    issues.add(`${path}.embedding`, message);
  } else checkModel(embedding, `${path}.embedding`, issues);
}

/** Nobody else says which model is meant: the request names one for another purpose. */
function checkModel(node: Config, path: string, issues: Issues): void {
  if (node.override_params?.model !== undefined || node.default_params?.model !== undefined) return;
  if (Array.isArray(node.targets))
    node.targets.forEach((target, index) => void checkModel(target, `${path}.targets[${index}]`, issues));
  else issues.add(`${path}.model`, 'Missing. Name an embedding model, such as "text-embedding-3-small".');
}
