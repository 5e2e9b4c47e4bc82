import type { JsonObject } from '../../../core/json.ts';
import type { Answer, AnswerToolCall, TokenCounts } from '../../answer.ts';
import type { StreamEvent } from '../../framing.ts';
import { parsedArguments, tokens } from '../../text.ts';

/** A message (Anthropic API reference, "Create a Message"). */
export function message(answer: Answer): JsonObject {
  return {
    ...shell(answer, contentOf(answer), stopReason(answer)),
    ...usageMember(answer, answer.usage?.outputTokens),
  };
}

/** The same as a stream (Anthropic docs, "Streaming messages"), `message_stop` included. */
export function messageEvents(answer: Answer): readonly StreamEvent[] {
  const start = { ...shell(answer, [], null), ...usageMember(answer, 1) };
  const events: StreamEvent[] = [named({ type: 'message_start', message: start })];
  for (const [index, { announced, deltas }] of blocks(answer).entries()) {
    events.push(named({ type: 'content_block_start', index, content_block: announced }));
    if (index === 0) events.push(named({ type: 'ping' }));
    for (const delta of deltas) events.push(named({ type: 'content_block_delta', index, delta }, true));
    events.push(named({ type: 'content_block_stop', index }));
  }
  const delta = { stop_reason: stopReason(answer), stop_sequence: null, stop_details: stopDetails(answer) };
  events.push(named({ type: 'message_delta', delta, ...usageMember(answer, answer.usage?.outputTokens) }));
  events.push({ ...named({ type: 'message_stop' }), end: true });
  return events;
}

function named(data: JsonObject, token = false): StreamEvent {
  return { event: data.type as string, data, token };
}

function shell(answer: Answer, content: readonly JsonObject[], stop: string | null): JsonObject {
  return {
    id: `msg_${answer.id}`,
    type: 'message',
    role: 'assistant',
    model: answer.model,
    content,
    stop_reason: stop,
    stop_sequence: null,
    stop_details: stop === null ? null : stopDetails(answer),
  };
}

function stopReason(answer: Answer): string {
  if (answer.finishReason !== undefined) return answer.finishReason;
  if (answer.contentFilter || answer.refusal !== undefined) return 'refusal';
  return answer.toolCalls.length > 0 ? 'tool_use' : 'end_turn';
}

function stopDetails({ contentFilter, refusal }: Answer): JsonObject | null {
  return contentFilter || refusal !== undefined ? { type: 'refusal', category: null, explanation: null } : null;
}

function usageMember({ usage }: Answer, outputTokens: number | undefined): JsonObject {
  return usage === undefined ? {} : { usage: messageUsage(usage, outputTokens ?? 0) };
}

/** Anthropic counts input that neither came from nor went to the cache apart from input that did. */
function messageUsage(counts: TokenCounts, outputTokens: number): JsonObject {
  return {
    input_tokens: Math.max(0, counts.inputTokens - counts.cachedTokens - counts.cacheWriteTokens),
    cache_creation_input_tokens: counts.cacheWriteTokens,
    cache_read_input_tokens: counts.cachedTokens,
    cache_creation: { ephemeral_5m_input_tokens: counts.cacheWriteTokens, ephemeral_1h_input_tokens: 0 },
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}

/** A content block: whole, as it is announced, and the deltas that fill it. */
interface Block {
  readonly whole: JsonObject;
  readonly announced: JsonObject;
  readonly deltas: readonly JsonObject[];
}

function contentOf(answer: Answer): readonly JsonObject[] {
  return blocks(answer).map(({ whole }) => whole);
}

function blocks(answer: Answer): readonly Block[] {
  const text = answer.refusal ?? answer.text;
  return [
    ...(answer.reasoning === undefined ? [] : [thinkingBlock(answer.reasoning, answer.id)]),
    ...(text === '' && answer.toolCalls.length > 0 ? [] : [textBlock(text)]),
    ...answer.toolCalls.map((call, index) => toolBlock(call, `toolu_${answer.id}${index}`)),
  ];
}

function thinkingBlock(thinking: string, id: string): Block {
  const signature = Buffer.from(`simulated signature ${id}`).toString('base64');
  return {
    whole: { type: 'thinking', thinking, signature },
    announced: { type: 'thinking', thinking: '', signature: '' },
    deltas: [
      ...tokens(thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
      { type: 'signature_delta', signature },
    ],
  };
}

function textBlock(text: string): Block {
  return {
    whole: { type: 'text', text },
    announced: { type: 'text', text: '' },
    deltas: tokens(text).map((piece) => ({ type: 'text_delta', text: piece })),
  };
}

function toolBlock(call: AnswerToolCall, madeUpId: string): Block {
  const head = { type: 'tool_use', id: call.id ?? madeUpId, name: call.name };
  const fragments = ['', ...tokens(call.arguments)];
  return {
    whole: { ...head, input: parsedArguments(call.arguments) },
    announced: { ...head, input: {} },
    deltas: fragments.map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
  };
}
