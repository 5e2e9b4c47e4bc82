import type { JsonObject } from '../../../core/json.ts';
import type { Answer, AnswerToolCall, TokenCounts } from '../../answer.ts';
import type { StreamEvent } from '../../framing.ts';
import { parsedArguments, tokens } from '../../text.ts';
import { promptOf } from '../prompt.ts';
import type { Operation } from '../wire-format.ts';
import { checkConverse } from './check-converse.ts';

/** `Converse` and `ConverseStream` (Amazon Bedrock API reference). */
export const converse: Operation = {
  framing: 'aws-event-stream',
  check: checkConverse,
  prompt: ({ body }) => promptOf(body.messages, { extra: body.system }),
  reply: (_call, answer) => ({ json: whole(answer) }),
  events: (_call, answer) => events(answer),
};

function whole(answer: Answer): JsonObject {
  return {
    output: { message: { role: 'assistant', content: blocks(answer).map((block) => block.whole) } },
    stopReason: stopReason(answer),
    ...metadata(answer),
  };
}

function events(answer: Answer): readonly StreamEvent[] {
  const result: StreamEvent[] = [event('messageStart', { role: 'assistant' })];
  for (const [contentBlockIndex, { start, deltas }] of blocks(answer).entries()) {
    if (start !== undefined) result.push(event('contentBlockStart', { start, contentBlockIndex }));
    for (const delta of deltas) result.push(event('contentBlockDelta', { delta, contentBlockIndex }, true));
    result.push(event('contentBlockStop', { contentBlockIndex }));
  }
  result.push(event('messageStop', { stopReason: stopReason(answer) }));
  result.push(event('metadata', metadata(answer)));
  return result;
}

/** Each payload carries padding of some length in `p`, as Bedrock's do. */
function event(name: string, data: JsonObject, token = false): StreamEvent {
  return { event: name, data: { ...data, p: 'abcdefgh' }, token };
}

function stopReason(answer: Answer): string {
  if (answer.finishReason !== undefined) return answer.finishReason;
  if (answer.contentFilter || answer.refusal !== undefined) return 'content_filtered';
  return answer.toolCalls.length > 0 ? 'tool_use' : 'end_turn';
}

function metadata({ usage }: Answer): JsonObject {
  return { ...(usage === undefined ? {} : { usage: usageOf(usage) }), metrics: { latencyMs: 1 } };
}

/** Input that came from or went to the cache counts apart, and in the total. */
function usageOf(counts: TokenCounts): JsonObject {
  return {
    inputTokens: Math.max(0, counts.inputTokens - counts.cachedTokens - counts.cacheWriteTokens),
    outputTokens: counts.outputTokens,
    totalTokens: counts.inputTokens + counts.outputTokens,
    cacheReadInputTokens: counts.cachedTokens,
    cacheWriteInputTokens: counts.cacheWriteTokens,
  };
}

/** A content block: whole, how it starts (tool use only), and the deltas that fill it. */
interface Block {
  readonly whole: JsonObject;
  readonly start?: JsonObject;
  readonly deltas: readonly JsonObject[];
}

function blocks(answer: Answer): readonly Block[] {
  const text = answer.refusal ?? answer.text;
  return [
    ...(answer.reasoning === undefined ? [] : [reasoningBlock(answer.reasoning, answer.id)]),
    ...(text === '' && answer.toolCalls.length > 0 ? [] : [textBlock(text)]),
    ...answer.toolCalls.map((call, index) => toolBlock(call, `tooluse_${answer.id}${index}`)),
  ];
}

function reasoningBlock(text: string, id: string): Block {
  const signature = Buffer.from(`simulated signature ${id}`).toString('base64');
  return {
    whole: { reasoningContent: { reasoningText: { text, signature } } },
    deltas: [...tokens(text).map((piece) => ({ text: piece })), { signature }].map((reasoningContent) => ({
      reasoningContent,
    })),
  };
}

function textBlock(text: string): Block {
  return { whole: { text }, deltas: tokens(text).map((piece) => ({ text: piece })) };
}

function toolBlock(call: AnswerToolCall, madeUpId: string): Block {
  const head = { toolUseId: call.id ?? madeUpId, name: call.name };
  return {
    whole: { toolUse: { ...head, input: parsedArguments(call.arguments) } },
    start: { toolUse: head },
    deltas: tokens(call.arguments).map((input) => ({ toolUse: { input } })),
  };
}
