import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';

/**
 * `{cache_control}` for a block made from `part`, or nothing: Anthropic's own `cache_control` as it is (with `ttl`), else
 * OpenAI's `prompt_cache_breakpoint`, whose lifetimes of 30 minutes and more become one hour. `path` names the part.
 */
export function cacheControl(part: JsonObject, path: string, scope: CodecScope): JsonObject {
  if (isJsonObject(part['cache_control'])) return { cache_control: part['cache_control'] };
  const breakpoint = part['prompt_cache_breakpoint'];
  if (!isJsonObject(breakpoint)) return {};
  const ttl = breakpoint['ttl'];
  if (ttl === undefined || ttl === null) return { cache_control: { type: 'ephemeral' } };
  if (ttl !== '30m') {
    scope.drop(`${path}.prompt_cache_breakpoint.ttl`, 'Anthropic keeps a cached prefix one hour at most');
  }
  return { cache_control: { type: 'ephemeral', ttl: '1h' } };
}
