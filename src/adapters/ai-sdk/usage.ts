import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { FinishReason, Usage } from './spec.ts';

/** Tokens in the AI SDK's words. What nobody told is undefined. */
export function toUsage(usage: unknown): Usage {
  const holder = isJsonObject(usage) ? usage : {};
  const total = numberIn(holder, 'prompt_tokens');
  const output = numberIn(holder, 'completion_tokens');
  const details = isJsonObject(holder['prompt_tokens_details']) ? holder['prompt_tokens_details'] : {};
  const cacheRead = numberIn(details, 'cached_tokens') ?? numberIn(holder, 'cache_read_input_tokens');
  const cacheWrite = numberIn(details, 'cache_write_tokens') ?? numberIn(holder, 'cache_creation_input_tokens');
  const outputDetails = isJsonObject(holder['completion_tokens_details']) ? holder['completion_tokens_details'] : {};
  const reasoning = numberIn(outputDetails, 'reasoning_tokens');
  return {
    inputTokens: {
      total,
      noCache: total === undefined ? undefined : total - (cacheRead ?? 0) - (cacheWrite ?? 0),
      cacheRead,
      cacheWrite,
    },
    outputTokens: { total: output, text: output === undefined ? undefined : output - (reasoning ?? 0), reasoning },
    ...(isJsonObject(usage) ? { raw: usage as NonNullable<Usage['raw']> } : {}),
  };
}

/** Why the model stopped, in the AI SDK's words. */
export function toFinishReason(reason: unknown): FinishReason {
  const raw = typeof reason === 'string' ? reason : undefined;
  return { unified: unified[raw ?? ''] ?? 'other', raw };
}

const unified: Readonly<Record<string, FinishReason['unified']>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
};

function numberIn(holder: JsonObject, key: string): number | undefined {
  const value = holder[key];
  return typeof value === 'number' ? value : undefined;
}
