import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Answer, TokenCounts } from '../../answer.ts';
import type { StreamEvent } from '../../framing.ts';
import { tokens } from '../../text.ts';
import { promptOf } from '../prompt.ts';
import type { Operation } from '../wire-format.ts';
import { checkChat } from './check-chat.ts';

/** Chat, whole and streamed (Cohere API reference, "Chat API (v2)"). */
export const chat: Operation = {
  check: checkChat,
  prompt({ body }) {
    const format = body.response_format;
    return promptOf(body.messages, { wantsJson: isJsonObject(format) && format.type === 'json_object' });
  },
  reply: (_call, answer) => ({
    json: {
      id: answer.id,
      finish_reason: finishReason(answer),
      message: { role: 'assistant', ...contentMember(answer), ...callsMember(answer) },
      ...usageMember(answer),
    },
  }),
  events: (_call, answer) => events(answer),
};

function finishReason(answer: Answer): string {
  if (answer.finishReason !== undefined) return answer.finishReason;
  if (answer.contentFilter) return 'ERROR';
  return answer.toolCalls.length > 0 ? 'TOOL_CALL' : 'COMPLETE';
}

function usageMember({ usage }: Answer): JsonObject {
  return usage === undefined ? {} : { usage: usageOf(usage) };
}

function usageOf({ inputTokens, outputTokens, cachedTokens }: TokenCounts): JsonObject {
  const counts = { input_tokens: inputTokens, output_tokens: outputTokens };
  return { billed_units: counts, tokens: counts, cached_tokens: cachedTokens };
}

/** Content blocks by the member that holds their text. */
type Block = readonly [type: 'thinking' | 'text', text: string];

function blocks(answer: Answer): readonly Block[] {
  const text = answer.refusal ?? answer.text;
  const thinking: readonly Block[] = answer.reasoning === undefined ? [] : [['thinking', answer.reasoning]];
  return text === '' ? thinking : [...thinking, ['text', text]];
}

function contentMember(answer: Answer): JsonObject {
  const content = blocks(answer).map(([type, text]) => ({ type, [type]: text }));
  return content.length === 0 ? {} : { content };
}

function toolCall(answer: Answer, index: number, text: string): JsonObject {
  const call = answer.toolCalls[index];
  const id = call?.id ?? `${call?.name}_${answer.id}${index}`;
  return { id, type: 'function', function: { name: call?.name, arguments: text } };
}

function callsMember(answer: Answer): JsonObject {
  if (answer.toolCalls.length === 0) return {};
  return {
    ...(isPlanned(answer) ? { tool_plan: toolPlan } : {}),
    tool_calls: answer.toolCalls.map((call, index) => toolCall(answer, index, call.arguments)),
  };
}

const toolPlan = 'I will call tools (simulated).';

/** A model that reasons plans in its thoughts. */
function isPlanned({ reasoning, toolCalls }: Answer): boolean {
  return reasoning === undefined && toolCalls.length > 0;
}

function events(answer: Answer): readonly StreamEvent[] {
  const start = { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] };
  const result: StreamEvent[] = [named({ id: answer.id, type: 'message-start', delta: { message: start } })];
  if (isPlanned(answer)) {
    for (const plan of tokens(toolPlan)) result.push(delta('tool-plan-delta', { tool_plan: plan }));
  }
  for (const [index, [type, text]] of blocks(answer).entries()) {
    result.push(named({ type: 'content-start', index, delta: { message: { content: { type, [type]: '' } } } }));
    for (const piece of tokens(text)) result.push(delta('content-delta', { content: { [type]: piece } }, index));
    result.push(named({ type: 'content-end', index }));
  }
  for (const [index, call] of answer.toolCalls.entries()) {
    const begun = toolCall(answer, index, '');
    result.push(named({ type: 'tool-call-start', index, delta: { message: { tool_calls: begun } } }));
    for (const piece of tokens(call.arguments)) {
      result.push(delta('tool-call-delta', { tool_calls: { function: { arguments: piece } } }, index));
    }
    result.push(named({ type: 'tool-call-end', index }));
  }
  const end = { finish_reason: finishReason(answer), ...usageMember(answer) };
  return [...result, named({ type: 'message-end', delta: end })];
}

function delta(type: string, message: JsonObject, index?: number): StreamEvent {
  return { ...named({ type, ...(index === undefined ? {} : { index }), delta: { message } }), token: true };
}

function named(data: JsonObject): StreamEvent {
  return { event: data.type as string, data };
}
