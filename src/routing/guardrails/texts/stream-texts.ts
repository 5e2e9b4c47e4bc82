import type { Endpoint } from '../../../core/endpoint.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { type Path, type TextPlace, withTexts } from './place.ts';

/** A piece of a text among the chunks of a stream. */
interface Piece {
  /** Which text of the whole reply it belongs to. */
  readonly key: string;
  /** In the chunk. */
  readonly path: Path;
  /** Holds the whole text, as events that end a part do. */
  readonly isWhole: boolean;
}

/** What tells a text of the whole reply apart among the chunks of its stream. */
export function keyOfPlace(endpoint: Endpoint, { path, group }: TextPlace): string {
  if (endpoint === 'responses') return `${path[1]}:${path[3]}`;
  return endpoint === 'messages' ? String(path[1]) : String(group);
}

/** The same chunks with other texts: the first piece of a text takes all of it, the others become empty. */
export function withStreamTexts(
  endpoint: Endpoint,
  chunks: readonly JsonObject[],
  texts: ReadonlyMap<string, string>,
): readonly JsonObject[] {
  const begun = new Set<string>();
  const changesOf = ({ key, path, isWhole }: Piece): readonly (readonly [Path, string])[] => {
    const text = texts.get(key);
    if (text === undefined) return [];
    // The text and its copy in blocks stand at different depths; each is told from its beginning.
    const told = `${key} ${path.length}`;
    const isFirst = isWhole || !begun.has(told);
    if (!isWhole) begun.add(told);
    return [[path, isFirst ? text : '']];
  };
  const pieces = piecesOf[endpoint] ?? none;
  return chunks.map((chunk) => withTexts(chunk, pieces(chunk).flatMap(changesOf)));
}

const none = (): readonly Piece[] => [];

const piecesOf: Readonly<Partial<Record<Endpoint, (chunk: JsonObject) => readonly Piece[]>>> = {
  'chat/completions': ({ choices }) => listOf(choices).flatMap(chatPieces),
  completions: ({ choices }) =>
    listOf(choices).flatMap(({ index, text }, position) =>
      typeof text === 'string' ? [piece(index ?? position, ['choices', position, 'text'])] : [],
    ),
  messages: ({ type, index, delta }) =>
    type === 'content_block_delta' && isJsonObject(delta) && typeof delta.text === 'string'
      ? [piece(index, ['delta', 'text'])]
      : [],
  responses: responsePieces,
};

function chatPieces({ index, delta }: JsonObject, position: number): readonly Piece[] {
  if (!isJsonObject(delta)) return [];
  const path = ['choices', position, 'delta'];
  const blocks = listOf(delta.content_blocks).flatMap(({ delta: part }, at) =>
    isJsonObject(part) && typeof part.text === 'string'
      ? [piece(index ?? position, [...path, 'content_blocks', at, 'delta', 'text'])]
      : [],
  );
  return typeof delta.content === 'string' ? [piece(index ?? position, [...path, 'content']), ...blocks] : blocks;
}

function responsePieces({ type, output_index, content_index, item, part, response }: JsonObject): readonly Piece[] {
  const key = `${output_index}:${content_index}`;
  if (type === 'response.output_text.delta') return [piece(key, ['delta'])];
  if (type === 'response.output_text.done') return [whole(key, ['text'])];
  if (type === 'response.content_part.done' && isJsonObject(part) && typeof part.text === 'string')
    return [whole(key, ['part', 'text'])];
  if (type === 'response.output_item.done' && isJsonObject(item)) return itemPieces(item, output_index, ['item']);
  if (!isJsonObject(response)) return [];
  return listOf(response.output).flatMap((output, index) => itemPieces(output, index, ['response', 'output', index]));
}

function itemPieces({ content }: JsonObject, index: unknown, path: Path): readonly Piece[] {
  return listOf(content).flatMap((part, at) =>
    part.type === 'output_text' ? [whole(`${index}:${at}`, [...path, 'content', at, 'text'])] : [],
  );
}

function piece(key: unknown, path: Path): Piece {
  return { key: String(key), path, isWhole: false };
}

function whole(key: string, path: Path): Piece {
  return { key, path, isWhole: true };
}

function listOf(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? list.map((item) => (isJsonObject(item) ? item : {})) : [];
}
