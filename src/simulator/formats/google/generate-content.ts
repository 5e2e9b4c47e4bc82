import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { Answer, AnswerToolCall } from '../../answer.ts';
import type { StreamEvent } from '../../framing.ts';
import { parsedArguments, tokens } from '../../text.ts';
import { promptOf } from '../prompt.ts';
import type { Operation } from '../wire-format.ts';
import { checkGenerate } from './check-generate.ts';

/** `generateContent` and `streamGenerateContent` (Gemini API reference, "Generating content"). */
export const generateContent: Operation = {
  check: checkGenerate,
  prompt({ body }) {
    const config = body.generationConfig ?? body.generation_config;
    const type = isJsonObject(config) ? (config.responseMimeType ?? config.response_mime_type) : undefined;
    const system = body.systemInstruction ?? body.system_instruction;
    return promptOf(body.contents, {
      extra: isJsonObject(system) ? system.parts : system,
      wantsJson: type === 'application/json',
    });
  },
  reply: (_call, answer) => ({ json: response(answer, parts(answer), finishReason(answer)) }),
  events: (_call, answer) => chunks(answer),
};

/** The same, with the stream as one JSON array. */
export const generateContentArray: Operation = { ...generateContent, framing: 'json-array' };

function response(answer: Answer, content: readonly JsonObject[], finish: string | undefined): JsonObject {
  const candidate = {
    ...(content.length === 0 ? {} : { content: { parts: content, role: 'model' } }),
    ...(finish === undefined ? {} : { finishReason: finish }),
    index: 0,
    ...(answer.contentFilter && finish !== undefined ? { safetyRatings: [blockedRating] } : {}),
  };
  return {
    candidates: [candidate],
    ...usageMember(answer, finish === undefined),
    modelVersion: answer.model,
    responseId: answer.id,
  };
}

const blockedRating = { category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true };

function finishReason(answer: Answer): string {
  if (answer.finishReason !== undefined) return answer.finishReason;
  return answer.contentFilter || answer.refusal !== undefined ? 'SAFETY' : 'STOP';
}

/** Thoughts count apart from the candidates; a stream tells of the output only in the end. */
function usageMember({ usage }: Answer, unfinished: boolean): JsonObject {
  if (usage === undefined) return {};
  const { inputTokens, outputTokens, reasoningTokens, cachedTokens } = usage;
  const output = unfinished ? {} : { candidatesTokenCount: Math.max(0, outputTokens - reasoningTokens) };
  return {
    usageMetadata: {
      promptTokenCount: inputTokens,
      ...output,
      ...(cachedTokens > 0 ? { cachedContentTokenCount: cachedTokens } : {}),
      ...(reasoningTokens > 0 && !unfinished ? { thoughtsTokenCount: reasoningTokens } : {}),
      totalTokenCount: inputTokens + (unfinished ? 0 : outputTokens),
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
    },
  };
}

function parts(answer: Answer): readonly JsonObject[] {
  const text = answer.refusal ?? answer.text;
  return [
    ...(answer.reasoning === undefined ? [] : [{ text: answer.reasoning, thought: true }]),
    ...(text === '' ? [] : [{ text }]),
    ...answer.toolCalls.map((call, index) => callPart(call, answer, index)),
  ];
}

/** The first call after thinking carries the signature that must come back with its result. */
function callPart(call: AnswerToolCall, { reasoning, id }: Answer, index: number): JsonObject {
  const args: Json = parsedArguments(call.arguments);
  const signed = reasoning !== undefined && index === 0;
  return {
    functionCall: { ...(call.id === undefined ? {} : { id: call.id }), name: call.name, args },
    ...(signed ? { thoughtSignature: Buffer.from(`simulated signature ${id}`).toString('base64') } : {}),
  };
}

/** Texts arrive in pieces, function calls whole; the last chunk that carries content also ends the candidate. */
function chunks(answer: Answer): readonly StreamEvent[] {
  const pieces = [
    ...tokens(answer.reasoning ?? '').map((text) => ({ text, thought: true })),
    ...tokens(answer.refusal ?? answer.text).map((text) => ({ text })),
    ...answer.toolCalls.map((call, index) => callPart(call, answer, index)),
  ];
  const last = pieces.length - 1;
  if (last < 0) return [{ data: response(answer, [], finishReason(answer)) }];
  return pieces.map((piece, index) => ({
    data: response(answer, [piece], index === last ? finishReason(answer) : undefined),
    token: true,
  }));
}
