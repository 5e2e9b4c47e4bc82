import { apiError } from '../../../core/errors/api-error.ts';
import type { JsonObject } from '../../../core/json.ts';
import { asNumber, asObject, asObjects, asText, present } from '../shared/lenient.ts';

/** OpenAI's words for why a reply ended. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

const finishReasons: Readonly<Record<string, FinishReason>> = {
  MAX_TOKENS: 'length',
  ERROR_LIMIT: 'length',
  TOOL_CALL: 'tool_calls',
  ERROR_TOXIC: 'content_filter',
};

/**
 * Cohere's finish reason in OpenAI's words: `COMPLETE`, `STOP_SEQUENCE` and those not known end as `stop`, or as
 * `tool_calls` where there are any. Throws the error that `ERROR` and `TIMEOUT` stand for; `detail` is Cohere's text
 * about it. Source: "Chat", Cohere API v2 reference.
 */
export function finishReasonOf(reason: unknown, hasToolCalls: boolean, detail?: unknown): FinishReason {
  const name = asText(reason) ?? 'COMPLETE';
  if (name === 'ERROR' || name === 'TIMEOUT') {
    const isTimeout = name === 'TIMEOUT';
    throw apiError({
      status: isTimeout ? 504 : 502,
      kind: isTimeout ? 'timeout' : 'server',
      type: 'generation_failed',
      code: name.toLowerCase(),
      message: asText(detail) ?? `Cohere's generation ended with ${name}`,
    });
  }
  const known = Object.hasOwn(finishReasons, name) ? finishReasons[name] : undefined;
  return known ?? (hasToolCalls ? 'tool_calls' : 'stop');
}

/** Cohere's `usage` as OpenAI's: tokens counted, else those billed. What is billed is kept beside unless `strict`. */
export function usageOf(usage: JsonObject, strict: boolean): JsonObject {
  const [tokens, billed] = [asObject(usage.tokens), asObject(usage.billed_units)];
  const prompt = asNumber(tokens.input_tokens) ?? asNumber(billed.input_tokens) ?? 0;
  const completion = asNumber(tokens.output_tokens) ?? asNumber(billed.output_tokens) ?? 0;
  const cached = asNumber(usage.cached_tokens);
  return present({
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: cached === undefined ? undefined : { cached_tokens: cached },
    billed_units: strict ? undefined : usage.billed_units,
  });
}

/** One of Cohere's log probabilities as OpenAI's token. An item of several tokens stands for their text as a whole. */
export function logprobOf(item: JsonObject): JsonObject {
  const token = asText(item.text) ?? '';
  const logprobs = Array.isArray(item.logprobs) ? item.logprobs.filter((value) => typeof value === 'number') : [];
  return {
    token,
    logprob: logprobs.reduce((sum, value) => sum + value, 0),
    bytes: [...new TextEncoder().encode(token)],
    top_logprobs: [],
  };
}

/** `url_citation`s for those of a citation's sources that have an address. Indices are Cohere's, of the cited text. */
export function annotationsOf(citation: JsonObject): readonly JsonObject[] {
  return asObjects(citation.sources).flatMap((source) => {
    const { url, title } = asObject(source.document);
    if (typeof url !== 'string') return [];
    const span = { start_index: asNumber(citation.start) ?? 0, end_index: asNumber(citation.end) ?? 0 };
    return [{ type: 'url_citation', url_citation: { ...span, title: asText(title) ?? url, url } }];
  });
}
