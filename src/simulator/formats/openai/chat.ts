import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Answer, TokenCounts } from '../../answer.ts';
import type { StreamEvent } from '../../framing.ts';
import { tokens } from '../../text.ts';
import type { Call } from '../wire-format.ts';

/** A chat completion (OpenAI API reference, "The chat completion object"). */
export function chatCompletion(call: Call, answer: Answer): JsonObject {
  const choice = { message: message(call, answer), logprobs: null, finish_reason: finishReason(answer) };
  return {
    id: `chatcmpl-${answer.id}`,
    object: 'chat.completion',
    created: answer.created,
    model: answer.model,
    choices: Array.from({ length: choiceCount(call) }, (_, index) => ({ index, ...choice })),
    ...(answer.usage === undefined ? {} : { usage: chatUsage(answer.usage, choiceCount(call)) }),
    service_tier: 'default',
    system_fingerprint: 'simulator',
  };
}

/**
 * The same as a stream (OpenAI API reference, "The chat completion chunk object"), end marker included. Members of
 * `perChoice` are added to every choice.
 */
export function chatChunks(call: Call, answer: Answer, perChoice: JsonObject = {}): readonly StreamEvent[] {
  const withUsage = isJsonObject(call.body.stream_options) && call.body.stream_options.include_usage === true;
  const base = {
    id: `chatcmpl-${answer.id}`,
    object: 'chat.completion.chunk',
    created: answer.created,
    model: answer.model,
    service_tier: 'default',
    system_fingerprint: 'simulator',
  };
  const count = choiceCount(call);
  const events: StreamEvent[] = [];
  const chunk = chunkText(base, perChoice, withUsage);
  const add = (delta: JsonObject, token: boolean, finish: string | null = null) => {
    for (let index = 0; index < count; index += 1) events.push({ data: chunk(index, delta, finish), token });
  };
  add({ role: 'assistant', content: answer.text === '' ? null : '', refusal: null }, false);
  for (const delta of deltas(call, answer)) add(delta, true);
  add({}, false, finishReason(answer));
  if (withUsage && answer.usage !== undefined) {
    events.push({ data: { ...base, choices: [], usage: chatUsage(answer.usage, count) } });
  }
  events.push({ data: '[DONE]', end: true });
  return events;
}

/** Writes chunks as JSON text around what they have in common, which is most of the cost of a stream. */
function chunkText(base: JsonObject, perChoice: JsonObject, withUsage: boolean) {
  const head = `${JSON.stringify(base).slice(0, -1)},"choices":[{"index":`;
  const members = JSON.stringify(perChoice).slice(1, -1);
  const tail = `${members === '' ? '' : `,${members}`}}]${withUsage ? ',"usage":null' : ''}}`;
  return (index: number, delta: JsonObject, finish: string | null) =>
    `${head}${index},"delta":${JSON.stringify(delta)},"logprobs":null,"finish_reason":${JSON.stringify(finish)}${tail}`;
}

/** Why a reply ended, in OpenAI's words. */
export function finishReason(answer: Answer): string {
  if (answer.finishReason !== undefined) return answer.finishReason;
  if (answer.contentFilter) return 'content_filter';
  return answer.toolCalls.length > 0 ? 'tool_calls' : 'stop';
}

/** Usage of a reply with `choices` choices: prompt and completion make the total. */
export function chatUsage(counts: TokenCounts, choices: number): JsonObject {
  const completion = counts.outputTokens * choices;
  return {
    prompt_tokens: counts.inputTokens,
    completion_tokens: completion,
    total_tokens: counts.inputTokens + completion,
    prompt_tokens_details: { cached_tokens: counts.cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: counts.reasoningTokens * choices,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function choiceCount({ body }: Call): number {
  return typeof body.n === 'number' ? body.n : 1;
}

function message(call: Call, answer: Answer): JsonObject {
  const field = reasoningField(call.provider);
  return {
    role: 'assistant',
    content: answer.text === '' && silentText(answer) ? null : answer.text,
    ...(field === undefined || answer.reasoning === undefined ? {} : { [field]: answer.reasoning }),
    ...(answer.toolCalls.length === 0
      ? {}
      : { tool_calls: answer.toolCalls.map((_, index) => toolCall(answer, index)) }),
    refusal: answer.refusal ?? null,
    annotations: [],
  };
}

function silentText({ refusal, toolCalls }: Answer): boolean {
  return refusal !== undefined || toolCalls.length > 0;
}

/** OpenAI's chat completions count reasoning and do not show it; others have their own field. */
function reasoningField(provider: string): string | undefined {
  if (provider === 'openai' || provider === 'azure-openai') return undefined;
  return provider === 'openrouter' || provider === 'groq' ? 'reasoning' : 'reasoning_content';
}

function toolCall(answer: Answer, index: number): JsonObject {
  const call = answer.toolCalls[index];
  return {
    id: call?.id ?? `call_${answer.id}${index}`,
    type: 'function',
    function: { name: call?.name, arguments: call?.arguments },
  };
}

function* deltas(call: Call, answer: Answer): Generator<JsonObject> {
  const field = reasoningField(call.provider);
  if (field !== undefined) for (const piece of tokens(answer.reasoning ?? '')) yield { [field]: piece };
  for (const content of tokens(answer.text)) yield { content };
  for (const refusal of tokens(answer.refusal ?? '')) yield { refusal };
  for (const [index, { name, arguments: text }] of answer.toolCalls.entries()) {
    const { id, type } = toolCall(answer, index);
    yield { tool_calls: [{ index, id, type, function: { name, arguments: '' } }] };
    for (const piece of tokens(text)) yield { tool_calls: [{ index, function: { arguments: piece } }] };
  }
}
