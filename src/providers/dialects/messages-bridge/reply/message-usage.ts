import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { numberIn } from '../../anthropic-messages/values.ts';

/**
 * OpenAI's usage in Anthropic's words: tokens read from or written to a cache are no part of `input_tokens`. Zero where the
 * provider reports none. Source: Claude docs, "Prompt caching: tracking cache performance".
 */
export function toMessageUsage(usage: unknown): JsonObject {
  const counts = isJsonObject(usage) ? usage : {};
  const prompt = isJsonObject(counts['prompt_tokens_details']) ? counts['prompt_tokens_details'] : {};
  const completion = isJsonObject(counts['completion_tokens_details']) ? counts['completion_tokens_details'] : {};
  const read = numberIn(prompt['cached_tokens']) ?? 0;
  const written = numberIn(prompt['cache_write_tokens']) ?? 0;
  const reasoning = numberIn(completion['reasoning_tokens']);
  return {
    input_tokens: Math.max(0, (numberIn(counts['prompt_tokens']) ?? 0) - read - written),
    output_tokens: numberIn(counts['completion_tokens']) ?? 0,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    ...(reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoning } }),
  };
}
