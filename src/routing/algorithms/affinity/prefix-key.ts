import type { ModelRequest } from '../../../core/handler.ts';
import { isJsonObject } from '../../../core/json.ts';
import { textHash } from '../../../core/text-hash.ts';

/** About 1,024 tokens: providers cache no shorter prefix (OpenAI and Anthropic documentation, "Prompt caching"). */
const prefixLength = 4096;

/** What requests have in common whose prompts begin alike, model included; undefined for prompts too short to be cached. */
export function prefixKey({ endpoint, body }: ModelRequest): string | undefined {
  const parts = partsOf[endpoint]?.(body);
  if (parts === undefined) return undefined;
  let prefix = '';
  for (const part of parts) {
    prefix += `\n${part}`;
    if (prefix.length >= prefixLength) return textHash(`${body.model}${prefix.slice(0, prefixLength)}`);
  }
  return undefined;
}

type Body = ModelRequest['body'];

/** The parts of a prompt in the order in which providers put them together. */
const partsOf: Readonly<Partial<Record<ModelRequest['endpoint'], (body: Body) => Iterable<string>>>> = {
  'chat/completions': ({ tools, messages }) => inOrder(tools, messages),
  messages: ({ tools, system, messages }) => inOrder(tools, [system], messages),
  responses: ({ tools, instructions, input }) => inOrder(tools, [instructions], Array.isArray(input) ? input : [input]),
  completions: ({ prompt }) => [textOf(prompt)],
};

function* inOrder(tools: unknown, ...lists: readonly unknown[]): Generator<string> {
  if (typeof tools === 'object' && tools !== null) yield written(tools);
  for (const list of lists) if (Array.isArray(list)) for (const item of list) yield textOf(item);
}

const writings = new WeakMap<object, string>();

/** Tools are long and mostly the same object from call to call. */
function written(tools: object): string {
  const text = writings.get(tools) ?? JSON.stringify(tools).slice(0, prefixLength);
  writings.set(tools, text);
  return text;
}

/** As much of a message as matters: who speaks, the texts, and where pictures and files lie. */
function textOf(item: unknown): string {
  if (typeof item === 'string') return item.slice(0, prefixLength);
  if (Array.isArray(item)) return item.map(textOf).join('\n').slice(0, prefixLength);
  if (!isJsonObject(item)) return '';
  return Object.values(item).map(textOf).join(' ').slice(0, prefixLength);
}
