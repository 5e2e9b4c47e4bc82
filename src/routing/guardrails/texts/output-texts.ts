import type { Endpoint } from '../../../core/endpoint.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { contentPlaces, type TextPlace } from './place.ts';

/** The texts of a whole reply, a group for each choice; undefined for an endpoint whose replies are no text. */
export function outputTexts(endpoint: Endpoint, reply: JsonObject): readonly TextPlace[] | undefined {
  return readers[endpoint]?.(reply);
}

type Reader = (reply: JsonObject) => readonly TextPlace[];

const readers: Readonly<Partial<Record<Endpoint, Reader>>> = {
  'chat/completions': ({ choices }) => eachOf(choices).flatMap(chatPlaces),
  completions: ({ choices }) =>
    eachOf(choices).flatMap((choice, index) =>
      contentPlaces(choice.text, ['choices', index, 'text'], keyOf(choice, index)),
    ),
  // One answer, in one or more blocks.
  responses: ({ output }) =>
    eachOf(output).flatMap(({ content }, index) =>
      contentPlaces(content, ['output', index, 'content'], 0, ['output_text']),
    ),
  messages: ({ content }) => contentPlaces(content, ['content'], 0),
};

function chatPlaces(choice: JsonObject, index: number): readonly TextPlace[] {
  const { message } = choice;
  if (!isJsonObject(message)) return [];
  const path = ['choices', index, 'message'];
  const group = keyOf(choice, index);
  const blocks = contentPlaces(message.content_blocks, [...path, 'content_blocks'], group);
  return [
    ...contentPlaces(message.content, [...path, 'content'], group),
    ...blocks.map((place) => ({ ...place, isCopy: true as const })),
  ];
}

function keyOf({ index }: JsonObject, position: number): number {
  return typeof index === 'number' ? index : position;
}

function eachOf(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? list.map((item) => (isJsonObject(item) ? item : {})) : [];
}
