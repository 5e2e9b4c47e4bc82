import type { JsonObject } from '../../../../core/json.ts';
import { asNumber, present } from '../../shared/lenient.ts';

/**
 * Converse's `TokenUsage` as OpenAI's `usage`. Converse counts cached tokens beside `inputTokens`; the prompt is all
 * three, and prompt and completion add up to the total. With `strict` false the tokens written to the cache are told as
 * well. Source: Bedrock API reference, "TokenUsage".
 */
export function usageOf(usage: JsonObject, strict: boolean): JsonObject {
  const read = asNumber(usage.cacheReadInputTokens);
  const written = asNumber(usage.cacheWriteInputTokens);
  const prompt = (asNumber(usage.inputTokens) ?? 0) + (read ?? 0) + (written ?? 0);
  const completion = asNumber(usage.outputTokens) ?? 0;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(read === undefined ? {} : { prompt_tokens_details: { cached_tokens: read } }),
    ...(strict ? {} : present({ cache_read_input_tokens: read, cache_creation_input_tokens: written })),
  };
}
