import { isJsonObject, type JsonObject } from './json.ts';

/** Tokens of one reply, in OpenAI's words. `promptTokens + completionTokens` is the total. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
}

/** Reads the token counts of a reply or chunk in any shape we hand out: chat, completions, embeddings, responses, messages; undefined when it has none. */
export function usageOf(value: JsonObject): Usage | undefined {
  const holder = isJsonObject(value.usage) ? value.usage : innerUsage(value);
  if (holder === undefined) return undefined;
  const prompt = numberOf(holder.prompt_tokens ?? holder.input_tokens);
  const completion = numberOf(holder.completion_tokens ?? holder.output_tokens);
  if (prompt === undefined && completion === undefined) return undefined;
  const cached = detail(holder, ['prompt_tokens_details', 'input_tokens_details'], 'cached_tokens');
  const reasoning = detail(holder, ['completion_tokens_details', 'output_tokens_details'], 'reasoning_tokens');
  return {
    promptTokens: prompt ?? 0,
    completionTokens: completion ?? 0,
    ...(cached === undefined ? {} : { cachedTokens: cached }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  };
}

/** `response.completed` and `message_start` carry it one level down. */
function innerUsage(value: JsonObject): JsonObject | undefined {
  const inner = value.response ?? value.message;
  return isJsonObject(inner) && isJsonObject(inner.usage) ? inner.usage : undefined;
}

function detail(usage: JsonObject, holders: readonly string[], key: string): number | undefined {
  for (const name of holders) {
    const holder = usage[name];
    if (isJsonObject(holder)) return numberOf(holder[key]);
  }
  return undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
