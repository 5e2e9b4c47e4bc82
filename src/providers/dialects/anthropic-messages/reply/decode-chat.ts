import { UnreadableReplyError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { errorInside, isErrorEnvelope } from '../decode-error.ts';
import { compact, objectsIn, stringOr } from '../values.ts';
import { toAnnotations } from './annotations.ts';
import { isJsonAnswer, keptBlock } from './content-block.ts';
import { ownStop, toFinishReason, toRefusal } from './finish-reason.ts';
import { ownMembers } from './own-members.ts';
import { toServiceTier, toUsage } from './usage.ts';

/**
 * A message to an OpenAI chat completion. Thinking becomes `reasoning_content`; unless strict, `content_blocks` holds the
 * blocks as they came, signatures included, so that the turn can be sent back. Source: Claude API reference, "Create a Message".
 */
export function decodeChat(reply: unknown, scope: CodecScope): JsonObject {
  const message = readMessage(reply);
  const blocks = objectsIn(message['content']);
  const toolCalls = blocks.filter((block) => block['type'] === 'tool_use' && !isJsonAnswer(block)).map(toToolCall);
  return {
    id: stringOr(message['id'], scope.id()),
    object: 'chat.completion',
    created: Math.floor(scope.now() / 1000),
    model: stringOr(message['model'], scope.model),
    choices: [
      {
        index: 0,
        message: toMessage(message, blocks, toolCalls, scope.strict),
        logprobs: null,
        finish_reason: toFinishReason(message['stop_reason'], toolCalls.length > 0),
        ...(scope.strict ? {} : ownStop(message)),
      },
    ],
    ...(isJsonObject(message['usage']) ? { usage: toUsage(message['usage'], scope.strict) } : {}),
    ...toServiceTier(message['usage']),
    ...(scope.strict ? {} : ownMembers(message)),
  };
}

/** `reply` as a message. Throws what an error inside a 200 stands for, or `UnreadableReplyError`. */
export function readMessage(reply: unknown): JsonObject {
  const message = readObject(reply);
  if (Array.isArray(message['content'])) return message;
  throw new UnreadableReplyError('The reply is not an Anthropic message: it has no list of content blocks', reply);
}

/** `reply` as an object of any kind. Throws as {@link readMessage} does. */
export function readObject(reply: unknown): JsonObject {
  if (isErrorEnvelope(reply)) throw errorInside(reply);
  if (isJsonObject(reply)) return reply;
  throw new UnreadableReplyError('The reply is not a JSON object', reply);
}

function toMessage(
  message: JsonObject,
  blocks: readonly JsonObject[],
  toolCalls: readonly JsonObject[],
  strict: boolean,
): JsonObject {
  const text = joinBlocks(blocks, textOf);
  const reasoning = joinBlocks(blocks, (block) => (block['type'] === 'thinking' ? stringOr(block['thinking']) : ''));
  const annotations = annotationsOf(blocks);
  return compact({
    role: 'assistant',
    content: text === '' ? null : text,
    refusal: toRefusal(message),
    reasoning_content: reasoning === '' ? undefined : reasoning,
    tool_calls: toolCalls.length === 0 ? undefined : toolCalls,
    annotations: annotations.length === 0 ? undefined : annotations,
    content_blocks: strict ? undefined : blocks.filter((block) => !isJsonAnswer(block)).map(keptBlock),
  });
}

function toToolCall(block: JsonObject): JsonObject {
  return {
    id: stringOr(block['id']),
    type: 'function',
    function: { name: stringOr(block['name']), arguments: JSON.stringify(block['input'] ?? {}) },
  };
}

function textOf(block: JsonObject): string {
  if (isJsonAnswer(block)) return JSON.stringify(block['input'] ?? {});
  return block['type'] === 'text' ? stringOr(block['text']) : '';
}

function joinBlocks(blocks: readonly JsonObject[], read: (block: JsonObject) => string): string {
  return blocks.map(read).join('');
}

function annotationsOf(blocks: readonly JsonObject[]): readonly JsonObject[] {
  let end = 0;
  return blocks.flatMap((block) => {
    const start = end;
    end += textOf(block).length;
    return toAnnotations(objectsIn(block['citations']), { start, end });
  });
}
