import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { asObject, asText } from '../../shared/lenient.ts';
import { cachePoints } from './cache-point.ts';
import { contentBlocks } from './content.ts';
import type { Encoding } from './encoding.ts';
import { keptThinking, reasoningBlocks } from './reasoning-blocks.ts';
import { toolResultBlocks, toolUseBlocks } from './tool-blocks.ts';

/** OpenAI's messages as Converse takes them. */
export interface Conversation {
  readonly system: readonly JsonObject[];
  /** User and assistant in turn. */
  readonly messages: readonly Turn[];
}

/** One message of Converse. */
export interface Turn extends JsonObject {
  readonly role: 'user' | 'assistant';
  readonly content: readonly JsonObject[];
}

/**
 * Splits off what `system` and `developer` messages say, wherever they stand, and joins neighbours of one role into one
 * turn: the results of parallel tool calls with what the user says next. Messages without content go. Source: Bedrock
 * API reference, "Message".
 */
export function encodeMessages(messages: unknown, encoding: Encoding): Conversation {
  if (!Array.isArray(messages)) throw new TranslationError('messages', 'messages must be a list.');
  const system: JsonObject[] = [];
  const turns: { role: Turn['role']; content: JsonObject[] }[] = [];
  for (const [index, message] of messages.entries()) {
    const { role, blocks } = encodeMessage(message, `messages[${index}]`, encoding);
    const last = turns.at(-1);
    if (role === 'system') system.push(...blocks);
    else if (last?.role === role) last.content.push(...blocks);
    else if (blocks.length > 0) turns.push({ role, content: [...blocks] });
  }
  return { system, messages: turns.map(withText) };
}

interface Encoded {
  readonly role: 'system' | Turn['role'];
  readonly blocks: readonly JsonObject[];
}

type MessageEncoder = (message: JsonObject, path: string, encoding: Encoding) => Encoded;

const encodeSystem: MessageEncoder = (message, path, encoding) => ({
  role: 'system',
  blocks: contentBlocks(message.content, `${path}.content`, encoding),
});

const encoders: ReadonlyMap<string, MessageEncoder> = new Map<string, MessageEncoder>([
  ['system', encodeSystem],
  ['developer', encodeSystem],
  [
    'user',
    (message, path, encoding) => ({
      role: 'user',
      blocks: contentBlocks(message.content, `${path}.content`, encoding),
    }),
  ],
  ['assistant', encodeAssistant],
  ['tool', (message, path, encoding) => ({ role: 'user', blocks: toolResultBlocks(message, path, encoding) })],
]);

function encodeMessage(message: unknown, path: string, encoding: Encoding): Encoded {
  const role = isJsonObject(message) ? asText(message.role) : undefined;
  const encode = encoders.get(role ?? '');
  if (!isJsonObject(message) || encode === undefined) {
    throw new TranslationError(`${path}.role`, `${path}.role must be one of ${[...encoders.keys()].join(', ')}.`);
  }
  if (message.name !== undefined && role !== 'tool')
    encoding.scope.drop(`${path}.name`, 'Bedrock messages bear no name');
  const encoded = encode(message, path, encoding);
  return { ...encoded, blocks: [...encoded.blocks, ...cachePoints(message, path, encoding)] };
}

function encodeAssistant(message: JsonObject, path: string, encoding: Encoding): Encoded {
  const content = contentBlocks(message.content ?? message.refusal, `${path}.content`, encoding);
  const thinking = content.some((block) => 'reasoningContent' in block) ? [] : keptThinking(message);
  return {
    role: 'assistant',
    blocks: [...reasoningBlocks(thinking, encoding), ...content, ...toolUseBlocks(message, path, encoding)],
  };
}

/** Bedrock wants text beside a document; the document's name is the most neutral there is. */
function withText(turn: Turn): Turn {
  const document = turn.content.map((block) => asObject(block.document)).find(({ name }) => name !== undefined);
  const needsText = turn.role === 'user' && document !== undefined && !turn.content.some((block) => 'text' in block);
  return needsText ? { role: turn.role, content: [...turn.content, { text: document.name }] } : turn;
}
