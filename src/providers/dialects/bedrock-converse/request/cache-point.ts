import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { Encoding } from './encoding.ts';

/**
 * The `cachePoint` block that follows what `part` became, where it bears Anthropic's `cache_control` (with `ttl`) or
 * OpenAI's `prompt_cache_breakpoint`; none, reported, for models without prompt caching. `path` names the part. Source:
 * Bedrock API reference, "CachePointBlock".
 */
export function cachePoints(part: JsonObject, path: string, { traits, scope }: Encoding): readonly JsonObject[] {
  const name = ['cache_control', 'prompt_cache_breakpoint'].find((member) => isJsonObject(part[member]));
  if (name === undefined) return [];
  if (!traits.cachePoints) {
    scope.drop(`${path}.${name}`, 'This model has no prompt caching on Bedrock');
    return [];
  }
  return [{ cachePoint: { type: 'default', ...lifetime(part, name) } }];
}

/** Bedrock keeps a prefix for `5m` or `1h`; OpenAI's lifetimes begin at 30 minutes and become the longer one. */
function lifetime(part: JsonObject, name: string): JsonObject {
  const marker = part[name];
  const ttl = isJsonObject(marker) ? marker.ttl : undefined;
  if (typeof ttl !== 'string') return {};
  return { ttl: name === 'cache_control' ? ttl : '1h' };
}
