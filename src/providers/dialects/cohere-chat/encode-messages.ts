import { TranslationError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asList, asObject, asObjects, asText, present } from '../shared/lenient.ts';

/**
 * OpenAI's messages in Cohere's words. Roles and text are the same; a call's preamble, text and reasoning both, is its
 * `tool_plan`. Throws `TranslationError` for what Cohere cannot take. Source: "Chat", Cohere API v2 reference.
 */
export function encodeMessages(messages: unknown, scope: CodecScope): readonly JsonObject[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new TranslationError('messages', 'Give a list of at least one message.');
  }
  return messages.map((message, index) => encodeMessage(asObject(message), `messages[${index}]`, scope));
}

function encodeMessage(message: JsonObject, path: string, scope: CodecScope): JsonObject {
  if (typeof message.name === 'string' && message.role !== 'tool') {
    scope.drop('messages[].name', 'Cohere knows no names of participants');
  }
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: contentOf(message.content, `${path}.content`, ['text']) };
    case 'user':
      return { role: 'user', content: contentOf(message.content, `${path}.content`, ['text', 'image_url']) };
    case 'assistant':
      return encodeAssistant(message, path);
    case 'tool':
      return encodeResult(message, path);
    default:
      throw new TranslationError(`${path}.role`, 'Cohere takes the roles system, developer, user, assistant and tool.');
  }
}

function encodeAssistant(message: JsonObject, path: string): JsonObject {
  if (message.function_call !== undefined && message.function_call !== null) {
    throw new TranslationError(`${path}.function_call`, 'Cohere takes tool_calls, each with an ID, instead.');
  }
  const text = asText(message.content) ?? asList(message.content).map(textOfPart).join('');
  const calls = asObjects(message.tool_calls);
  if (calls.length === 0) return { role: 'assistant', content: text === '' ? (asText(message.refusal) ?? '') : text };
  const plan = [asText(message.reasoning_content) ?? '', text].filter((piece) => piece !== '').join('\n');
  return present({
    role: 'assistant',
    tool_plan: plan === '' ? undefined : plan,
    tool_calls: calls.map((call, index) => encodeCall(call, `${path}.tool_calls[${index}]`)),
  });
}

function textOfPart(part: unknown): string {
  const { text, refusal } = asObject(part);
  return asText(text) ?? asText(refusal) ?? '';
}

function encodeCall(call: JsonObject, path: string): JsonObject {
  const { name, arguments: text } = asObject(call.function);
  if (typeof name !== 'string') {
    throw new TranslationError(`${path}.function.name`, 'Cohere takes calls of functions only.');
  }
  return { id: asText(call.id) ?? '', type: 'function', function: { name, arguments: asText(text) || '{}' } };
}

function encodeResult(message: JsonObject, path: string): JsonObject {
  const id = asText(message.tool_call_id);
  if (id === undefined) throw new TranslationError(`${path}.tool_call_id`, 'Give the ID of the call this answers.');
  return {
    role: 'tool',
    tool_call_id: id,
    content: contentOf(message.content, `${path}.content`, ['text', 'document']),
  };
}

/** A string as it is; a list when each part is of one of `types`, which look alike at Cohere. */
function contentOf(content: unknown, path: string, types: readonly string[]): unknown {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw new TranslationError(path, 'Give a string or a list of content parts.');
  return content.map((part, index) => {
    const { type, ...members } = asObject(part);
    if (!types.includes(asText(type) ?? '')) {
      throw new TranslationError(
        `${path}[${index}].type`,
        `Cohere cannot take a part of type "${String(type)}" here. Valid: ${types.join(', ')}.`,
      );
    }
    // Without the marks of other providers, such as cache_control.
    return { type, [String(type)]: memberOf(members, String(type)) };
  });
}

function memberOf(members: JsonObject, type: string): unknown {
  const value = members[type];
  return type === 'image_url' && typeof value === 'string' ? { url: value } : value;
}
