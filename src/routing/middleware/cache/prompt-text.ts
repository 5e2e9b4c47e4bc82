import type { ModelRequest } from '../../../core/handler.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';

/** A request, and what its last user says. */
export interface SplitRequest {
  readonly text: string;
  /** The same request without that text. */
  readonly rest: ModelRequest;
}

/** Embedding models take about 8,000 tokens; a longer text is compared to the letter only. */
const longestText = 24_000;

const absent = { absent: true };

/** Takes out the text of the last message, where that is one text of the user's; undefined for every other request. */
export function splitRequest(request: ModelRequest): SplitRequest | undefined {
  const key = textKeyOf[request.endpoint];
  if (key === undefined) return undefined;
  const taken = takeText(request.body[key]);
  if (taken === undefined || taken.text.trim() === '' || taken.text.length > longestText) return undefined;
  return { text: taken.text, rest: { ...request, body: { ...request.body, [key]: taken.rest } } };
}

/** Where an endpoint's request holds its messages. */
const textKeyOf: Readonly<Partial<Record<ModelRequest['endpoint'], string>>> = {
  'chat/completions': 'messages',
  completions: 'prompt',
  messages: 'messages',
  responses: 'input',
};

interface Taken {
  readonly text: string;
  readonly rest: unknown;
}

/** A prompt is one text, or a list of messages whose last one is the user's. */
function takeText(prompt: unknown): Taken | undefined {
  if (typeof prompt === 'string') return { text: prompt, rest: absent };
  const last: unknown = Array.isArray(prompt) ? prompt.at(-1) : undefined;
  if (!Array.isArray(prompt) || !isJsonObject(last) || last.role !== 'user') return undefined;
  const taken = takeContent(last);
  return taken && { text: taken.text, rest: [...prompt.slice(0, -1), taken.rest] };
}

function takeContent(message: JsonObject): Taken | undefined {
  const { content } = message;
  if (typeof content === 'string') return { text: content, rest: { ...message, content: absent } };
  if (!Array.isArray(content)) return undefined;
  const texts = content.flatMap((part, index) => (isText(part) ? [{ index, text: part.text }] : []));
  const [only, second] = texts;
  if (only === undefined || second !== undefined) return undefined;
  const rest = content.with(only.index, { ...content[only.index], text: absent });
  return { text: only.text, rest: { ...message, content: rest } };
}

function isText(part: unknown): part is { readonly text: string } {
  return isJsonObject(part) && typeof part.text === 'string';
}
