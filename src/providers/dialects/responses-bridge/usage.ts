import type { JsonObject } from '../../../core/json.ts';
import { asNumber, asObject } from '../shared/lenient.ts';

/** Chat's usage as the Responses API counts it. */
export function usageOf(usage: JsonObject): JsonObject {
  const prompt = asObject(usage.prompt_tokens_details);
  const input = asNumber(usage.prompt_tokens) ?? 0;
  const output = asNumber(usage.completion_tokens) ?? 0;
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: asNumber(prompt.cached_tokens) ?? 0,
      cache_write_tokens: asNumber(prompt.cache_write_tokens) ?? asNumber(usage.cache_creation_input_tokens) ?? 0,
    },
    output_tokens: output,
    output_tokens_details: {
      reasoning_tokens: asNumber(asObject(usage.completion_tokens_details).reasoning_tokens) ?? 0,
    },
    total_tokens: asNumber(usage.total_tokens) ?? input + output,
  };
}
