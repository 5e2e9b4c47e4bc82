import type { Endpoint } from '../../../core/endpoint.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { contentPlaces, type Path, type TextPlace } from './place.ts';

/** Which messages of a conversation count: what is new in it, or all that is sent. */
export type MessageChoice = 'last' | 'all';

/** The texts of a request, as one group; undefined for an endpoint whose requests are no text. */
export function inputTexts(
  endpoint: Endpoint,
  body: JsonObject,
  which: MessageChoice,
): readonly TextPlace[] | undefined {
  const read = readers[endpoint];
  return read?.(body, which);
}

type Reader = (body: JsonObject, which: MessageChoice) => readonly TextPlace[];

const readers: Readonly<Partial<Record<Endpoint, Reader>>> = {
  'chat/completions': ({ messages }, which) => messagePlaces(messages, ['messages'], which),
  completions: ({ prompt }) => listPlaces(prompt, ['prompt']),
  embeddings: ({ input }) => listPlaces(input, ['input']),
  moderations: ({ input }) => listPlaces(input, ['input']),
  responses: ({ instructions, input }, which) => [
    ...(which === 'all' ? contentPlaces(instructions, ['instructions'], 0) : []),
    ...(typeof input === 'string' ? contentPlaces(input, ['input'], 0) : messagePlaces(input, ['input'], which)),
  ],
  messages: ({ system, messages }, which) => [
    ...(which === 'all' ? contentPlaces(system, ['system'], 0) : []),
    ...messagePlaces(messages, ['messages'], which),
  ],
};

const textTypes = ['text', 'input_text', 'output_text'];

function messagePlaces(messages: unknown, path: Path, which: MessageChoice): readonly TextPlace[] {
  if (!Array.isArray(messages)) return [];
  const first = which === 'all' ? 0 : messages.length - 1;
  return messages.flatMap((message, index) =>
    index >= first && isJsonObject(message) ? placesOf(message, [...path, index]) : [],
  );
}

/** Of a message, or of what a tool gave back: `output` of an item of responses, `tool_result` blocks of Anthropic's. */
function placesOf({ content, output }: JsonObject, path: Path): readonly TextPlace[] {
  const nested = Array.isArray(content)
    ? content.flatMap((part, index) =>
        isJsonObject(part) && part.type === 'tool_result'
          ? contentPlaces(part.content, [...path, 'content', index, 'content'], 0)
          : [],
      )
    : [];
  return [
    ...contentPlaces(content, [...path, 'content'], 0, textTypes),
    ...nested,
    ...contentPlaces(output, [...path, 'output'], 0, textTypes),
  ];
}

/** A text or a list of them; lists of tokens are none. */
function listPlaces(value: unknown, path: Path): readonly TextPlace[] {
  if (!Array.isArray(value)) return contentPlaces(value, path, 0);
  return value.flatMap((item, index) => (typeof item === 'string' ? contentPlaces(item, [...path, index], 0) : []));
}
