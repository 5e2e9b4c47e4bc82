import { TranslationError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { asObject, asObjects, asText, present } from '../shared/lenient.ts';
import type { BridgeScope } from './bridge-scope.ts';
import { readThinking } from './thinking.ts';

/**
 * `instructions` and `input` as chat messages. Reasoning goes to the assistant message it led to, function calls to the
 * message they came with, so that a turn is one message again. Items of tools that run at OpenAI are reported.
 */
export function toMessages(body: JsonObject, bridge: BridgeScope): readonly JsonObject[] {
  const conversation = newConversation();
  if (body.instructions != null) conversation.add({ role: 'system', content: body.instructions });
  const { input } = body;
  if (typeof input === 'string') conversation.add({ role: 'user', content: input });
  else if (Array.isArray(input)) {
    for (const [index, item] of input.entries()) addItem(item, `input[${index}]`, { ...bridge, conversation });
  } else if (input !== undefined && input !== null) {
    throw new TranslationError('input', 'input must be a text or a list of items.');
  }
  return conversation.messages();
}

interface Conversation {
  add(message: JsonObject): void;
  /** Adds a call to the assistant message before it. */
  addCall(call: JsonObject): void;
  /** Members for the next assistant message. */
  addReasoning(members: JsonObject): void;
  messages(): readonly JsonObject[];
}

function newConversation(): Conversation {
  const messages: JsonObject[] = [];
  let reasoning: JsonObject = {};
  const addAssistant = (message: JsonObject) => {
    messages.push({ ...message, ...reasoning });
    reasoning = {};
  };
  return {
    add(message) {
      if (message.role === 'assistant') addAssistant(message);
      else messages.push(message);
    },
    addCall(call) {
      const last = messages.at(-1);
      const isSameTurn = last?.role === 'assistant' && Object.keys(reasoning).length === 0;
      if (!isSameTurn) addAssistant({ role: 'assistant', content: null, tool_calls: [call] });
      else messages[messages.length - 1] = { ...last, tool_calls: [...asObjects(last.tool_calls), call] };
    },
    addReasoning(members) {
      reasoning = { ...reasoning, ...members };
    },
    messages: () => messages,
  };
}

interface ItemScope extends BridgeScope {
  readonly conversation: Conversation;
}

function addItem(item: unknown, path: string, { conversation, scope, keepsExtras }: ItemScope): void {
  if (!isJsonObject(item)) throw new TranslationError(path, `${path} must be an item.`);
  switch (item.type ?? 'message') {
    case 'message':
      conversation.add(present({ role: item.role, content: contentOf(item.content, `${path}.content`) }));
      break;
    case 'function_call':
      conversation.addCall(callOf(item, path));
      break;
    case 'function_call_output':
      conversation.add({
        role: 'tool',
        tool_call_id: item.call_id,
        content: contentOf(item.output, `${path}.output`),
      });
      break;
    case 'reasoning':
      if (keepsExtras) conversation.addReasoning(reasoningOf(item));
      break;
    case 'item_reference':
      throw new TranslationError(
        path,
        `${path} refers to what OpenAI keeps, and this target keeps nothing. Send the item itself.`,
      );
    default:
      scope.drop(path, `This target has no item of type ${JSON.stringify(item.type)}`);
  }
}

function callOf(item: JsonObject, path: string): JsonObject {
  if (typeof item.call_id !== 'string') {
    throw new TranslationError(`${path}.call_id`, `${path}.call_id must be the ID the call was made with.`);
  }
  return { id: item.call_id, type: 'function', function: { name: item.name, arguments: item.arguments } };
}

function reasoningOf(item: JsonObject): JsonObject {
  const texts = [...asObjects(item.summary), ...asObjects(item.content)].map(({ text }) => asText(text) ?? '');
  const text = texts.filter((one) => one !== '').join('\n');
  return { ...(text === '' ? {} : { reasoning_content: text }), ...readThinking(item.encrypted_content) };
}

function contentOf(content: unknown, path: string): unknown {
  if (!Array.isArray(content)) return content;
  return content.map((part: unknown, index) => partOf(asObject(part), `${path}[${index}]`));
}

function partOf(part: JsonObject, path: string): JsonObject {
  const { type, annotations, logprobs, ...rest } = part;
  switch (type) {
    case 'input_text':
    case 'output_text':
      return { type: 'text', ...rest };
    case 'input_image':
      return imageOf(rest, path);
    case 'input_file': {
      const { file_id, file_data, file_url, filename, detail, ...extras } = rest;
      return { type: 'file', file: present({ file_id, file_data, file_url, filename }), ...extras };
    }
    default:
      return part;
  }
}

function imageOf({ image_url, file_id, detail, ...extras }: JsonObject, path: string): JsonObject {
  if (typeof image_url === 'string')
    return { type: 'image_url', image_url: present({ url: image_url, detail }), ...extras };
  const idPath = file_id === undefined ? path : `${path}.file_id`;
  throw new TranslationError(
    idPath,
    `${idPath} cannot be sent: this target keeps no files. Send image_url with an address or a data: URL.`,
  );
}
