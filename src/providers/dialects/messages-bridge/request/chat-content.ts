import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { objectsIn, stringOr } from '../../anthropic-messages/values.ts';
import { type BridgeScope, cacheMark } from './bridge-scope.ts';

/** Anthropic's content (text or blocks) as OpenAI content parts. A block without a counterpart is left out and reported. */
export function toParts(content: unknown, path: string, bridge: BridgeScope): readonly JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return objectsIn(content).flatMap((block, index) => toPart(block, `${path}[${index}]`, bridge));
}

/** One block, which stands at `path`, as parts. */
export function toPart(block: JsonObject, path: string, bridge: BridgeScope): readonly JsonObject[] {
  switch (block['type']) {
    case 'text':
      return block['text'] === '' ? [] : [{ type: 'text', text: block['text'], ...cacheMark(block, bridge) }];
    case 'image':
      return marked(imageParts(block['source']), block, bridge);
    case 'document':
      return marked(documentParts(block, path, bridge), block, bridge);
    case 'search_result':
      return marked([searchResultPart(block)], block, bridge);
    default:
      bridge.scope.drop(path, `A block of type ${String(block['type'])} is known to Anthropic only`);
      return [];
  }
}

/** `parts` as plain text when they are nothing else, which more servers take than a list. */
export function simplest(parts: readonly JsonObject[]): string | readonly JsonObject[] {
  const [only] = parts;
  const isPlain = parts.length === 1 && only?.['type'] === 'text' && Object.keys(only).length === 2;
  return isPlain ? stringOr(only['text']) : parts;
}

function marked(parts: readonly JsonObject[], block: JsonObject, bridge: BridgeScope): readonly JsonObject[] {
  const mark = cacheMark(block, bridge);
  return parts.map((part, index) => (index === parts.length - 1 ? { ...part, ...mark } : part));
}

function imageParts(source: unknown): readonly JsonObject[] {
  const { type, url, media_type: mediaType, data, file_id: id } = isJsonObject(source) ? source : {};
  if (type === 'file') return [{ type: 'file', file: { file_id: id } }];
  const address = type === 'url' ? url : `data:${stringOr(mediaType)};base64,${stringOr(data)}`;
  return [{ type: 'image_url', image_url: { url: address } }];
}

function documentParts(block: JsonObject, path: string, bridge: BridgeScope): readonly JsonObject[] {
  const source = isJsonObject(block['source']) ? block['source'] : {};
  const title = stringOr(block['title']);
  const name = title === '' ? 'document.pdf' : title;
  switch (source['type']) {
    case 'base64':
      return [
        {
          type: 'file',
          file: { filename: name, file_data: `data:application/pdf;base64,${stringOr(source['data'])}` },
        },
      ];
    case 'url':
      return [{ type: 'file', file: { file_url: source['url'] } }];
    case 'file':
      return [{ type: 'file', file: { file_id: source['file_id'] } }];
    case 'text':
      return [{ type: 'text', text: titled(title, stringOr(source['data'])) }];
    default:
      return toParts(source['content'], `${path}.source.content`, bridge);
  }
}

function searchResultPart(block: JsonObject): JsonObject {
  const text = objectsIn(block['content'])
    .map((part) => stringOr(part['text']))
    .join('\n');
  return { type: 'text', text: titled(`${stringOr(block['title'])} (${stringOr(block['source'])})`, text) };
}

function titled(title: string, text: string): string {
  return title === '' ? text : `${title}\n\n${text}`;
}
