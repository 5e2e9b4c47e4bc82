import { TranslationError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asObject, asObjects, asText, present } from '../shared/lenient.ts';
import { inCallOrder } from './call-order.ts';
import { assistantParts } from './encode-assistant.ts';
import { encodePart } from './encode-part.ts';

/** What differs between the two Google services that speak Gemini's format. */
export interface GeminiFlavor {
  /**
   * On the Gemini API a function call and its response bear an `id`, which Vertex AI refuses; a response's media must be
   * inline, where Vertex AI reads addresses too.
   */
  readonly service: 'gemini' | 'vertex';
}

/** A conversation in Gemini's words. */
export interface Conversation {
  readonly contents: readonly JsonObject[];
  readonly systemInstruction?: JsonObject;
}

/**
 * `messages` as `contents` and `systemInstruction`. System and developer messages, wherever they stand, become the
 * instruction, in order; neighbours of one role become one content, because Gemini's turns alternate. A conversation
 * of system messages alone is sent as the user's. Source: "Content", Gemini API reference.
 */
export function encodeConversation(messages: unknown, scope: CodecScope, flavor: GeminiFlavor): Conversation {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new TranslationError('messages', 'Give a list of at least one message.');
  }
  const state: State = { scope, flavor, system: [], turns: [], callNames: new Map() };
  for (const { message, index } of inCallOrder(messages)) readMessage(message, `messages[${index}]`, state);
  if (state.turns.length === 0 && state.system.length === 0) {
    throw new TranslationError('messages', 'No message has content: Gemini needs at least one.');
  }
  if (state.turns.length === 0) return { contents: [{ role: 'user', parts: state.system }] };
  return {
    contents: state.turns,
    ...(state.system.length > 0 ? { systemInstruction: { parts: state.system } } : {}),
  };
}

interface Turn {
  readonly [key: string]: unknown;
  readonly role: 'user' | 'model';
  readonly parts: JsonObject[];
}

interface State {
  readonly scope: CodecScope;
  readonly flavor: GeminiFlavor;
  readonly system: JsonObject[];
  readonly turns: Turn[];
  /** Function name by tool call ID, of all calls so far. */
  readonly callNames: Map<string, string>;
}

function readMessage(message: JsonObject, path: string, state: State): void {
  if (typeof message.name === 'string' && message.role !== 'tool' && message.role !== 'function') {
    state.scope.drop('messages[].name', 'Gemini knows no names of participants');
  }
  switch (message.role) {
    case 'system':
    case 'developer':
      state.system.push(...systemParts(message, `${path}.content`, state.scope));
      break;
    case 'user':
      addTurn(state, 'user', contentParts(message.content, `${path}.content`, state.scope));
      break;
    case 'assistant':
      for (const call of asObjects(message.tool_calls)) {
        state.callNames.set(String(call.id), asText(asObject(call.function).name) ?? '');
      }
      addTurn(state, 'model', assistantParts({ message, path, ...state }));
      break;
    case 'tool':
    case 'function':
      addTurn(state, 'user', [functionResponse(message, path, state)]);
      break;
    default:
      throw new TranslationError(`${path}.role`, 'Valid roles: system, developer, user, assistant, tool, function.');
  }
}

function systemParts(message: JsonObject, path: string, scope: CodecScope): readonly JsonObject[] {
  const parts = contentParts(message.content, path, scope);
  const other = parts.findIndex((part) => part.text === undefined);
  if (other < 0) return parts;
  throw new TranslationError(
    `${path}[${other}]`,
    'A system instruction is text only: give the file to the user message.',
  );
}

function addTurn(state: State, role: Turn['role'], parts: readonly JsonObject[]): void {
  const last = state.turns.at(-1);
  if (last?.role === role) last.parts.push(...parts);
  else if (parts.length > 0) state.turns.push({ role, parts: [...parts] });
}

/** Parts of a message's `content`: a string, or a list of parts. Throws `TranslationError` for anything else. */
export function contentParts(content: unknown, path: string, scope: CodecScope): readonly JsonObject[] {
  if (typeof content === 'string') return [{ text: content }];
  if (!Array.isArray(content)) throw new TranslationError(path, 'Give a string or a list of content parts.');
  return content.map((part, index) => encodePart({ part: asObject(part), path: `${path}[${index}]` }, scope));
}

/**
 * A tool's result. Gemini wants a JSON object: content that is one goes in as it is, other text as `{result}`, that of
 * a message with `is_error` as `{error}`. Images and files travel beside it, which Gemini 3 reads.
 */
function functionResponse(message: JsonObject, path: string, state: State): JsonObject {
  const id = asText(message.tool_call_id);
  const name = (id === undefined ? undefined : state.callNames.get(id)) ?? asText(message.name);
  if (name === undefined) {
    throw new TranslationError(
      `${path}.tool_call_id`,
      'Gemini names a result by its function: no assistant message before this one has a tool call with this ID. Keep that message in the history, or give the function as name.',
    );
  }
  const parts = contentParts(message.content, `${path}.content`, state.scope);
  const text = parts.map((part) => asText(part.text) ?? '').join('');
  const media = parts.filter((part) => part.text === undefined);
  if (state.flavor.service === 'gemini' && media.some((part) => part.fileData !== undefined)) {
    throw new TranslationError(`${path}.content`, 'Gemini reads a file of a tool result only as a data: URL.');
  }
  return {
    functionResponse: present({
      id: state.flavor.service === 'gemini' ? id : undefined,
      name,
      response: message.is_error === true ? { error: text } : (jsonObject(text) ?? { result: text }),
      parts: media.length > 0 ? media : undefined,
    }),
  };
}

function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
