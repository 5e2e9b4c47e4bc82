import type { JsonObject } from '../../../core/json.ts';
import { asObject, asObjects, asText } from '../shared/lenient.ts';

/**
 * A candidate's `logprobsResult` as OpenAI's list of tokens; undefined when it has none. Step i of `topCandidates`
 * belongs to token i. Source: "LogprobsResult", Gemini API reference.
 */
export function logprobsOf(candidate: JsonObject): readonly JsonObject[] | undefined {
  const result = asObject(candidate.logprobsResult);
  if (!Array.isArray(result.chosenCandidates)) return undefined;
  const steps = asObjects(result.topCandidates);
  return asObjects(result.chosenCandidates).map((chosen, index) => ({
    ...tokenOf(chosen),
    top_logprobs: asObjects(steps[index]?.candidates).map(tokenOf),
  }));
}

/** Gemini leaves a zero out: a log probability of 0 is a certain token. */
function tokenOf(candidate: JsonObject): JsonObject {
  const token = asText(candidate.token) ?? '';
  return { token, logprob: candidate.logProbability ?? 0, bytes: [...new TextEncoder().encode(token)] };
}
