import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Prompt } from '../answer.ts';

/** What a list of messages says: `{role, content}` with text, or parts that carry `text`, as most providers have them. */
export function promptOf(
  messages: unknown,
  more: { readonly extra?: unknown; readonly wantsJson?: boolean } = {},
): Prompt {
  const list = Array.isArray(messages) ? messages.filter(isJsonObject) : [];
  const last = list.at(-1);
  return {
    lastUserText: last?.role === 'user' ? textOf(contentOf(last)) : undefined,
    length: list.reduce((sum, message) => sum + textOf(contentOf(message)).length, textOf(more.extra).length),
    wantsJson: more.wantsJson ?? false,
  };
}

/** All text in a string, a part, or a list of parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(textOf).join('');
  if (!isJsonObject(content)) return '';
  if (typeof content.text === 'string') return content.text;
  return content.content === undefined ? '' : textOf(content.content);
}

/** Gemini calls the content `parts`. */
function contentOf(message: JsonObject): unknown {
  return message.content ?? message.parts;
}
