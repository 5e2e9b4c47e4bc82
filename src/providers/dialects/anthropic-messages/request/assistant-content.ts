import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { hasInk, objectsIn, omit, parseJson, stringOr } from '../values.ts';
import { toolUseBlocks, toolUseId } from './tool-use.ts';
import { contentBlocks } from './user-content.ts';

/**
 * Content blocks of an assistant message. Thinking goes back as it came, since Anthropic checks its signature: from
 * `content_blocks` (in their order), else `thinking_blocks`, else `reasoning_content` with `signature`. Thinking without a
 * signature is left out. Source: Claude docs, "Thinking: preserving thinking blocks".
 */
export function assistantBlocks(message: JsonObject, path: string, scope: CodecScope): readonly JsonObject[] {
  const calls = toolUseBlocks(message, path);
  const text = [
    ...contentBlocks(message['content'], `${path}.content`, scope),
    ...contentBlocks(message['refusal'], `${path}.refusal`, scope),
  ].filter(isSendable);
  const kept = objectsIn(message['content_blocks']).map(assembled).filter(isSendable);
  if (kept.length > 0) return inKeptOrder(kept, text, calls);
  return [...thinkingBlocks(message), ...text, ...calls];
}

/** Thinking needs its signature, text something to read. */
function isSendable(block: JsonObject): boolean {
  if (block['type'] === 'thinking') return stringOr(block['signature']) !== '';
  if (block['type'] === 'redacted_thinking') return stringOr(block['data']) !== '';
  return block['type'] !== 'text' || hasInk(stringOr(block['text']));
}

function thinkingBlocks(message: JsonObject): readonly JsonObject[] {
  const blocks = objectsIn(message['thinking_blocks']).filter(isSendable);
  if (blocks.length > 0) return blocks;
  const thinking = {
    type: 'thinking',
    thinking: stringOr(message['reasoning_content']),
    signature: stringOr(message['signature'], stringOr(message['reasoning_signature'])),
  };
  return isSendable(thinking) ? [thinking] : [];
}

// What a generic accumulator makes of streamed deltas: `{index, delta: {…}}` with the strings joined.
function assembled(block: JsonObject): JsonObject {
  const { delta } = block;
  if (!isJsonObject(delta)) return block;
  const { partial_json: input } = delta;
  const whole = omit(delta, ['partial_json', 'citation']);
  const read = parseJson(stringOr(input));
  return read === undefined ? whole : { ...whole, input: read };
}

/** `content` and `tool_calls` are what the caller sees and may edit, so they win over the blocks kept beside them. */
function inKeptOrder(
  kept: readonly JsonObject[],
  text: readonly JsonObject[],
  calls: readonly JsonObject[],
): readonly JsonObject[] {
  const isUnedited = joinText(kept) === joinText(text);
  const blocks = kept.flatMap((block) => {
    if (block['type'] === 'tool_use') return withCall(block, calls);
    return block['type'] !== 'text' || isUnedited ? [block] : [];
  });
  const placed = new Set(blocks.map((block) => block['id']));
  const thinkingEnd = blocks.findIndex((block) => !stringOr(block['type']).endsWith('thinking'));
  const head = thinkingEnd === -1 ? blocks.length : thinkingEnd;
  return [
    ...blocks.slice(0, head),
    ...(isUnedited ? [] : text),
    ...blocks.slice(head),
    ...calls.filter((call) => !placed.has(call['id'])),
  ];
}

function withCall(block: JsonObject, calls: readonly JsonObject[]): readonly JsonObject[] {
  const call = calls.find(({ id }) => id === toolUseId(stringOr(block['id'])));
  return call === undefined ? [] : [{ ...block, ...call }];
}

function joinText(blocks: readonly JsonObject[]): string {
  return blocks.map((block) => (block['type'] === 'text' ? stringOr(block['text']) : '')).join('');
}
