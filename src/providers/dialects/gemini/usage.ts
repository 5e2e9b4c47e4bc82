import type { JsonObject } from '../../../core/json.ts';
import { asNumber, asObjects, presentOrNothing } from '../shared/lenient.ts';

/**
 * Gemini's `usageMetadata` as OpenAI's `usage`. The prompt includes cached tokens and what Google's tools fed into it,
 * the completion includes thoughts, and the two add up to the total. Source: "UsageMetadata", Gemini API reference.
 */
export function usageOf(metadata: JsonObject): JsonObject {
  const prompt = (asNumber(metadata.promptTokenCount) ?? 0) + (asNumber(metadata.toolUsePromptTokenCount) ?? 0);
  const completion = completionTokens(metadata, prompt);
  const promptDetails = presentOrNothing({
    cached_tokens: asNumber(metadata.cachedContentTokenCount),
    audio_tokens: audioTokens(metadata.promptTokensDetails),
  });
  const completionDetails = presentOrNothing({
    reasoning_tokens: asNumber(metadata.thoughtsTokenCount),
    audio_tokens: audioTokens(metadata.candidatesTokensDetails),
  });
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(promptDetails === undefined ? {} : { prompt_tokens_details: promptDetails }),
    ...(completionDetails === undefined ? {} : { completion_tokens_details: completionDetails }),
  };
}

/** Some models count thoughts among the candidates' tokens already; their own total then leaves no room for them. */
function completionTokens(metadata: JsonObject, prompt: number): number {
  const candidates = asNumber(metadata.candidatesTokenCount) ?? 0;
  const thoughts = asNumber(metadata.thoughtsTokenCount) ?? 0;
  const includesThoughts = candidates >= thoughts && prompt + candidates === asNumber(metadata.totalTokenCount);
  return includesThoughts ? candidates : candidates + thoughts;
}

function audioTokens(details: unknown): number | undefined {
  return asNumber(asObjects(details).find((detail) => detail.modality === 'AUDIO')?.tokenCount);
}
