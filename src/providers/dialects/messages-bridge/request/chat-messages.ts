import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { compact, objectsIn, pick, stringOr } from '../../anthropic-messages/values.ts';
import type { BridgeScope } from './bridge-scope.ts';
import { simplest, toPart, toParts } from './chat-content.ts';

/**
 * `system` and `messages` as OpenAI messages. Tool results become `tool` messages before the rest of their turn; what in
 * them is no text follows in the turn, as tool messages hold text only. Source: Claude docs, "Handle tool calls".
 */
export function toChatMessages(body: JsonObject, bridge: BridgeScope): readonly JsonObject[] {
  const system = systemMessage(body['system'], 'system', bridge);
  const messages = objectsIn(body['messages']).flatMap((message, index) => {
    return toMessages(message, `messages[${index}]`, bridge);
  });
  return [...system, ...messages];
}

function toMessages(message: JsonObject, path: string, bridge: BridgeScope): readonly JsonObject[] {
  if (message['role'] === 'system') return systemMessage(message['content'], `${path}.content`, bridge);
  if (message['role'] === 'assistant') return assistantMessage(message['content'], `${path}.content`, bridge);
  return userMessages(message['content'], `${path}.content`, bridge);
}

function systemMessage(content: unknown, path: string, bridge: BridgeScope): readonly JsonObject[] {
  const parts = toParts(content, path, bridge);
  if (parts.length === 0) return [];
  const isMarked = parts.some((part) => 'cache_control' in part);
  return [{ role: 'system', content: isMarked ? parts : textOf(parts, '\n\n') }];
}

function userMessages(content: unknown, path: string, bridge: BridgeScope): readonly JsonObject[] {
  if (!Array.isArray(content)) return userMessage(toParts(content, path, bridge));
  const tools: JsonObject[] = [];
  const rest: JsonObject[] = [];
  for (const [index, block] of content.filter(isJsonObject).entries()) {
    const at = `${path}[${index}]`;
    if (block['type'] === 'tool_result') {
      const parts = toParts(block['content'], `${at}.content`, bridge);
      tools.push(toolMessage(block, parts));
      rest.push(...parts.filter((part) => part['type'] !== 'text'));
    } else rest.push(...toPart(block, at, bridge));
  }
  return [...tools, ...userMessage(rest)];
}

function userMessage(parts: readonly JsonObject[]): readonly JsonObject[] {
  return parts.length === 0 ? [] : [{ role: 'user', content: simplest(parts) }];
}

// OpenAI has no mark for a failed call, so the text says it.
function toolMessage(block: JsonObject, parts: readonly JsonObject[]): JsonObject {
  const text = textOf(parts, '\n');
  return {
    role: 'tool',
    tool_call_id: block['tool_use_id'],
    content: block['is_error'] === true ? `Error: ${text}` : text,
  };
}

function assistantMessage(content: unknown, path: string, bridge: BridgeScope): readonly JsonObject[] {
  const blocks = objectsIn(content);
  const calls = blocks.filter((block) => block['type'] === 'tool_use').map((block) => toToolCall(block, bridge));
  const thinking = bridge.keepsExtras ? blocks.filter(isSigned) : [];
  const parts = Array.isArray(content)
    ? blocks.flatMap((block, index) => (isHidden(block) ? [] : toPart(block, `${path}[${index}]`, bridge)))
    : toParts(content, path, bridge);
  const text = textOf(parts, '');
  if (text === '' && calls.length === 0) return [];
  return [
    compact({
      role: 'assistant',
      content: text === '' ? null : text,
      tool_calls: calls.length === 0 ? undefined : calls,
      thinking_blocks: thinking.length === 0 ? undefined : thinking,
    }),
  ];
}

function isHidden(block: JsonObject): boolean {
  return ['tool_use', 'thinking', 'redacted_thinking'].includes(stringOr(block['type']));
}

function isSigned(block: JsonObject): boolean {
  return block['type'] === 'redacted_thinking' || (block['type'] === 'thinking' && stringOr(block['signature']) !== '');
}

function toToolCall(block: JsonObject, { keepsExtras }: BridgeScope): JsonObject {
  return {
    id: block['id'],
    type: 'function',
    function: { name: block['name'], arguments: JSON.stringify(block['input'] ?? {}) },
    ...(keepsExtras ? pick(block, ['extra_content']) : {}),
  };
}

function textOf(parts: readonly JsonObject[], separator: string): string {
  return parts
    .filter((part) => part['type'] === 'text')
    .map((part) => stringOr(part['text']))
    .join(separator);
}
