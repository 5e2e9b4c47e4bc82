import { apiError } from '../../../core/errors/api-error.ts';
import { UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asNumber, asObject, asObjects, asText, present } from '../shared/lenient.ts';
import { type Addition, candidateReader } from './candidate-reader.ts';
import { geminiErrorFacts } from './decode-error.ts';
import { finishReasonOf, throwForFinish } from './finish-reason.ts';
import { annotationsOf } from './grounding.ts';
import { withSignature } from './thought-signature.ts';
import { usageOf } from './usage.ts';

/**
 * A reply of `generateContent` as OpenAI's chat completion. Throws the error that stands in its place: an error object,
 * a blocked prompt, output that could not be read. Source: "GenerateContentResponse", Gemini API reference.
 */
export function decodeChat(reply: unknown, scope: CodecScope): JsonObject {
  throwForReply(reply);
  const response = asObject(reply);
  if (!Array.isArray(response.candidates) || response.candidates.length === 0) {
    throw new UnreadableReplyError('A Gemini reply without candidates', reply);
  }
  const { id, model } = identityOf(response, scope);
  return present({
    id,
    object: 'chat.completion',
    created: Math.floor(scope.now() / 1000),
    model,
    choices: asObjects(response.candidates).map((candidate, position) => choiceOf(candidate, position, scope)),
    usage: isJsonObject(response.usageMetadata) ? usageOf(response.usageMetadata) : undefined,
  });
}

/** Throws when `reply`, or a chunk of it, is an error or says that the prompt was blocked. */
export function throwForReply(reply: unknown): void {
  const body = Array.isArray(reply) ? reply[0] : reply;
  const { error } = asObject(body);
  if (error !== undefined && error !== null) throw apiError(geminiErrorFacts(undefined, body));
  const feedback = asObject(asObject(reply).promptFeedback);
  const reason = asText(feedback.blockReason);
  if (reason === undefined || reason === 'BLOCK_REASON_UNSPECIFIED') return;
  const detail = asText(feedback.blockReasonMessage);
  throw apiError({
    status: 400,
    kind: 'content_policy',
    type: 'invalid_request_error',
    code: 'content_filter',
    param: 'messages',
    message: `Gemini blocked the prompt (${reason})${detail === undefined ? '' : `: ${detail}`}`,
    error: reply,
  });
}

/** The reply's own ID and model, else a fresh ID and the model asked for. */
export function identityOf(response: JsonObject, scope: CodecScope): { readonly id: string; readonly model: string } {
  return {
    id: asText(response.responseId) ?? `chatcmpl-${scope.id()}`,
    model: asText(response.modelVersion) ?? scope.model,
  };
}

/** What callers who asked for more than OpenAI's fields get beside a choice, in Gemini's own shapes. */
export function extrasOf(facts: JsonObject, scope: CodecScope): JsonObject {
  if (scope.strict) return {};
  const { finishReason, finishMessage, groundingMetadata, citationMetadata, urlContextMetadata, safetyRatings } = facts;
  return present({
    finishReason,
    finishMessage,
    groundingMetadata,
    citationMetadata,
    urlContextMetadata,
    safetyRatings,
  });
}

function choiceOf(candidate: JsonObject, position: number, scope: CodecScope): JsonObject {
  throwForFinish(candidate);
  const reader = candidateReader(scope);
  const addition = reader.read(candidate);
  return {
    index: asNumber(candidate.index) ?? position,
    message: {
      ...messageOf(addition),
      ...present({ annotations: annotationsOf(candidate, reader.text()) }),
    },
    logprobs: addition.logprobs === undefined ? null : { content: addition.logprobs, refusal: null },
    finish_reason: finishReasonOf(asText(candidate.finishReason) ?? 'STOP', reader.hasToolCalls()),
    ...extrasOf(candidate, scope),
  };
}

function messageOf(addition: Addition): JsonObject {
  const { toolCalls, images, audio, blocks } = addition;
  return {
    role: 'assistant',
    content: addition.content ?? null,
    refusal: null,
    ...present({
      reasoning_content: addition.reasoning,
      tool_calls: toolCalls.length > 0 ? toolCalls.map(({ call }) => call) : undefined,
      images: images.length > 0 ? images : undefined,
      // Gemini names no expiry and sends no transcript.
      audio: audio === undefined ? undefined : { ...audio, expires_at: 0, transcript: '' },
      content_blocks: blocks.length > 0 ? blocks.map(({ piece }) => piece) : undefined,
    }),
    ...withSignature(addition.signature),
  };
}
