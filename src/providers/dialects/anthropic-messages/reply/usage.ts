import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { numberIn, pick } from '../values.ts';

/**
 * Anthropic's usage in OpenAI's words. Anthropic's `input_tokens` leaves out what was read from and written to the cache,
 * OpenAI's `prompt_tokens` does not. Anthropic's own counts stay beside it unless `strict`. Source: Claude docs, "Prompt
 * caching: tracking cache performance".
 */
export function toUsage(usage: JsonObject, strict: boolean): JsonObject {
  const cacheRead = numberIn(usage['cache_read_input_tokens']) ?? 0;
  const cacheWrite = numberIn(usage['cache_creation_input_tokens']) ?? 0;
  const prompt = (numberIn(usage['input_tokens']) ?? 0) + cacheRead + cacheWrite;
  const completion = numberIn(usage['output_tokens']) ?? 0;
  const details = usage['output_tokens_details'];
  const reasoning = isJsonObject(details) ? numberIn(details['thinking_tokens']) : undefined;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: cacheRead,
      ...(cacheWrite === 0 ? {} : { cache_write_tokens: cacheWrite }),
    },
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
    ...(strict ? {} : pick(usage, ownCounts)),
  };
}

const ownCounts = ['cache_read_input_tokens', 'cache_creation_input_tokens', 'cache_creation', 'server_tool_use'];

/** OpenAI's `service_tier` for the tier Anthropic used, as a member to spread; none where OpenAI has no such tier. */
export function toServiceTier(usage: unknown): JsonObject {
  const tier = isJsonObject(usage) ? usage['service_tier'] : undefined;
  if (tier === 'standard') return { service_tier: 'default' };
  return tier === 'priority' ? { service_tier: 'priority' } : {};
}
