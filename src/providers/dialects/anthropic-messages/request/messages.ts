import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { pick, stringOr } from '../values.ts';
import { assistantBlocks } from './assistant-content.ts';
import { cacheControl } from './cache-control.ts';
import { functionCallId, toolUseId } from './tool-use.ts';
import { contentBlocks } from './user-content.ts';

/** A conversation in Anthropic's shape. */
export interface Conversation {
  /** Text blocks; empty when there are no instructions. */
  readonly system: readonly JsonObject[];
  /** Roles alternate, no message is empty. */
  readonly messages: readonly JsonObject[];
}

/**
 * `body.messages` to Anthropic's: instructions of any position become `system` in order, consecutive messages of one role
 * become one, tool results come first in their turn, and a closing assistant text loses its trailing white space, which
 * Anthropic refuses. Source: Claude API reference, "Create a Message"; Claude docs, "Handle tool calls".
 */
export function encodeMessages(body: JsonObject, scope: CodecScope): Conversation {
  const messages = body['messages'];
  if (!Array.isArray(messages)) throw new TranslationError('messages', 'messages must be a list of messages.');
  const system: JsonObject[] = [...contentBlocks(body['system'], 'system', scope)];
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    if (!isJsonObject(message)) throw new TranslationError(path, `${path} must be a message with a role.`);
    reportName(message, path, scope);
    if (isInstruction(message)) system.push(...systemBlocks(message, path, scope));
    else addTurn(turns, toTurn(message, path, { before: messages.slice(0, index), scope }));
  }
  const sent = turns
    .map(orderTurn)
    .map(trimEnd)
    .filter(({ content }) => content.length > 0);
  if (sent.length === 0) {
    throw new TranslationError(
      'messages',
      'messages must hold at least one message with content beside the instructions.',
    );
  }
  return { system, messages: sent.map(({ role, content }) => ({ role, content })) };
}

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: readonly JsonObject[];
}

interface Surroundings {
  /** The messages before this one. */
  readonly before: readonly unknown[];
  readonly scope: CodecScope;
}

function isInstruction(message: JsonObject): boolean {
  return message['role'] === 'system' || message['role'] === 'developer';
}

// On tool messages the name only repeats what the call's ID says.
function reportName(message: JsonObject, path: string, scope: CodecScope): void {
  if (typeof message['name'] !== 'string' || message['role'] === 'tool' || message['role'] === 'function') return;
  scope.drop(`${path}.name`, 'Anthropic messages carry no name of the participant');
}

function systemBlocks(message: JsonObject, path: string, scope: CodecScope): readonly JsonObject[] {
  const blocks = contentBlocks(message['content'], `${path}.content`, scope);
  const other = blocks.findIndex((block) => block['type'] !== 'text');
  if (other !== -1) {
    throw new TranslationError(
      `${path}.content[${other}]`,
      `${path}.content[${other}] must be text: instructions are.`,
    );
  }
  return withMessageCache(blocks, message, path, scope);
}

function toTurn(message: JsonObject, path: string, { before, scope }: Surroundings): Turn {
  switch (message['role']) {
    case 'user': {
      const blocks = contentBlocks(message['content'], `${path}.content`, scope);
      return { role: 'user', content: withMessageCache(blocks, message, path, scope) };
    }
    case 'assistant':
      return {
        role: 'assistant',
        content: withMessageCache(assistantBlocks(message, path, scope), message, path, scope),
      };
    case 'tool':
      return { role: 'user', content: [toolResult(message, path, callId(message, path), scope)] };
    case 'function':
      return { role: 'user', content: [toolResult(message, path, legacyCallId(before, path), scope)] };
    default:
      throw new TranslationError(
        `${path}.role`,
        `${path}.role is ${JSON.stringify(message['role'])}. Valid are system, developer, user, assistant, tool and function.`,
      );
  }
}

// Some callers mark a whole message for the prompt cache; the mark belongs on its last block.
function withMessageCache(
  blocks: readonly JsonObject[],
  message: JsonObject,
  path: string,
  scope: CodecScope,
): readonly JsonObject[] {
  const last = blocks.at(-1);
  const mark = cacheControl(message, path, scope);
  if (last === undefined || stringOr(last['type']).endsWith('thinking')) return blocks;
  return [...blocks.slice(0, -1), { ...last, ...mark }];
}

function toolResult(message: JsonObject, path: string, id: string, scope: CodecScope): JsonObject {
  const { content } = message;
  const blocks = typeof content === 'string' ? content : contentBlocks(content, `${path}.content`, scope);
  return {
    type: 'tool_result',
    tool_use_id: id,
    ...(blocks.length === 0 ? {} : { content: blocks }),
    ...pick(message, ['is_error', 'toolset_name']),
    ...cacheControl(message, path, scope),
  };
}

function callId(message: JsonObject, path: string): string {
  const id = message['tool_call_id'];
  if (typeof id === 'string') return toolUseId(id);
  throw new TranslationError(`${path}.tool_call_id`, `${path}.tool_call_id must be the ID of the call this answers.`);
}

function legacyCallId(before: readonly unknown[], path: string): string {
  const at = before.findLastIndex((earlier) => isJsonObject(earlier) && isJsonObject(earlier['function_call']));
  if (at !== -1) return functionCallId(`messages[${at}]`);
  throw new TranslationError(path, `${path} answers a function, but no message before it has a function_call.`);
}

function addTurn(turns: Turn[], turn: Turn): void {
  const last = turns.at(-1);
  if (turn.content.length === 0) return;
  if (last?.role === turn.role)
    turns[turns.length - 1] = { role: turn.role, content: [...last.content, ...turn.content] };
  else turns.push(turn);
}

function orderTurn({ role, content }: Turn): Turn {
  const isResult = (block: JsonObject) => block['type'] === 'tool_result';
  if (role === 'assistant') return { role, content };
  return { role, content: [...content.filter(isResult), ...content.filter((block) => !isResult(block))] };
}

function trimEnd({ role, content }: Turn, index: number, turns: readonly Turn[]): Turn {
  const last = content.at(-1);
  if (role !== 'assistant' || index !== turns.length - 1 || last?.['type'] !== 'text') return { role, content };
  return { role, content: [...content.slice(0, -1), { ...last, text: stringOr(last['text']).trimEnd() }] };
}
