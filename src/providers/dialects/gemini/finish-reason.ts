import { apiError } from '../../../core/errors/api-error.ts';
import type { JsonObject } from '../../../core/json.ts';
import { asText } from '../shared/lenient.ts';

/** OpenAI's words for why a reply ended. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/**
 * Gemini's finish reason in OpenAI's words; a reply with tool calls that ended by itself ends as `tool_calls`. An
 * unknown reason counts as `stop`. Source: "FinishReason", Gemini API and Vertex AI references.
 */
export function finishReasonOf(reason: string, hasToolCalls: boolean): FinishReason {
  const known = Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
  return known ?? (hasToolCalls ? 'tool_calls' : 'stop');
}

/** `STOP`, `OTHER`, `NO_IMAGE`, `IMAGE_OTHER` and `FINISH_REASON_UNSPECIFIED` are the model's own end. */
const reasons: Readonly<Record<string, FinishReason>> = {
  MAX_TOKENS: 'length',
  TOO_MANY_TOOL_CALLS: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  LANGUAGE: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  MODEL_ARMOR: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
  IMAGE_PROHIBITED_CONTENT: 'content_filter',
  IMAGE_RECITATION: 'content_filter',
};

/** Reasons that mean the model's output could not be read: nothing usable came, another try may do better. */
const failures = new Set(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'MALFORMED_RESPONSE']);

/**
 * Throws the error that some finish reasons stand for. A malformed call is a 502 of kind `server` and not `stop`: a
 * caller who is told `stop` takes the missing call for the model's decision, while an error is retried or falls back.
 * A missing thought signature is the request's fault: 400.
 */
export function throwForFinish(candidate: JsonObject): void {
  const reason = asText(candidate.finishReason);
  if (reason === undefined) return;
  const detail = asText(candidate.finishMessage);
  if (failures.has(reason)) {
    throw apiError({
      status: 502,
      kind: 'server',
      type: 'malformed_output',
      code: reason.toLowerCase(),
      message: `Gemini's output was unusable (${reason})${detail === undefined ? '' : `: ${detail}`}`,
      error: candidate,
    });
  }
  if (reason === 'MISSING_THOUGHT_SIGNATURE') {
    throw apiError({
      status: 400,
      kind: 'invalid_request',
      type: 'invalid_request_error',
      code: 'missing_thought_signature',
      param: 'messages',
      message: `A tool call of the history lacks its thought signature${detail === undefined ? '' : `: ${detail}`}. Send assistant messages back with their extra_content.`,
      error: candidate,
    });
  }
}
