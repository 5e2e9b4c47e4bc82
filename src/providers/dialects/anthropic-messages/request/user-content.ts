import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { hasInk, lookup, pick, stringOr } from '../values.ts';
import { cacheControl } from './cache-control.ts';
import { type DataUrl, readDataUrl, textOfBase64 } from './data-url.ts';

/**
 * OpenAI message content to Anthropic content blocks: text, images, files. Blocks already in Anthropic's shape pass as
 * they are; text without a visible character is left out, since Anthropic refuses it. `path` is the content's JSON path.
 * Source: Claude API reference, "Create a Message"; Claude docs, "Vision", "PDF support".
 */
export function contentBlocks(content: unknown, path: string, scope: CodecScope): readonly JsonObject[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return hasInk(content) ? [{ type: 'text', text: content }] : [];
  if (!Array.isArray(content)) throw new TranslationError(path, `${path} must be a string or a list of parts.`);
  return content.flatMap<JsonObject>((part, index) => contentBlock(part, `${path}[${index}]`, scope) ?? []);
}

function contentBlock(part: unknown, path: string, scope: CodecScope): JsonObject | undefined {
  if (!isJsonObject(part)) throw new TranslationError(path, `${path} must be a content part with a type.`);
  switch (part['type']) {
    case 'text':
      return textBlock(part, stringOr(part['text']), path, scope);
    case 'refusal':
      return textBlock(part, stringOr(part['refusal']), path, scope);
    case 'image_url':
      return { ...imageUrl(part, path, scope), ...cacheControl(part, path, scope) };
    case 'file':
      return { ...file(part, path), ...cacheControl(part, path, scope) };
    case 'input_audio':
      throw new TranslationError(path, `${path} is audio, which Claude models do not read. Send a transcript as text.`);
    default:
      return part;
  }
}

function textBlock(part: JsonObject, text: string, path: string, scope: CodecScope): JsonObject | undefined {
  if (!hasInk(text)) return undefined;
  return { type: 'text', text, ...pick(part, ['citations']), ...cacheControl(part, path, scope) };
}

function imageUrl(part: JsonObject, path: string, scope: CodecScope): JsonObject {
  const image = part['image_url'];
  const url = isJsonObject(image) ? image['url'] : image;
  const at = isJsonObject(image) ? `${path}.image_url.url` : `${path}.image_url`;
  const detail = isJsonObject(image) ? (image['detail'] ?? 'auto') : 'auto';
  if (detail !== 'auto') {
    scope.drop(`${path}.image_url.detail`, 'Anthropic chooses the resolution of an image itself');
  }
  return urlBlock(stringOr(url), at, 'image');
}

function urlBlock(url: string, path: string, kind: 'image' | 'document'): JsonObject {
  if (/^https?:\/\//i.test(url)) return { type: kind, source: { type: 'url', url } };
  const data = readDataUrl(url);
  if (data === undefined) {
    throw new TranslationError(path, `${path} must be an https: URL or a data: URL.`);
  }
  return dataBlock(data, path);
}

const imageTypes: Readonly<Record<string, string>> = {
  'image/jpeg': 'image/jpeg',
  'image/jpg': 'image/jpeg',
  'image/png': 'image/png',
  'image/gif': 'image/gif',
  'image/webp': 'image/webp',
};

function dataBlock({ mediaType, base64 }: DataUrl, path: string): JsonObject {
  const imageType = lookup(imageTypes, mediaType);
  if (imageType !== undefined)
    return { type: 'image', source: { type: 'base64', media_type: imageType, data: base64 } };
  if (mediaType === 'application/pdf') {
    return { type: 'document', source: { type: 'base64', media_type: mediaType, data: base64 } };
  }
  const text = mediaType.startsWith('text/') ? textOfBase64(base64) : undefined;
  if (text !== undefined) return { type: 'document', source: { type: 'text', media_type: 'text/plain', data: text } };
  throw new TranslationError(
    path,
    `${path} holds ${mediaType}, which Claude models do not read. Valid are JPEG, PNG, GIF and WebP images, PDF and text.`,
  );
}

// Members of a document block that callers may set on the part or inside `file`. Source: Claude docs, "Citations".
const documentExtras = ['title', 'context', 'citations'];

function file(part: JsonObject, path: string): JsonObject {
  const fields = part['file'];
  if (!isJsonObject(fields)) throw new TranslationError(`${path}.file`, `${path}.file must be an object.`);
  const block = fileBlock(fields, `${path}.file`);
  if (block['type'] !== 'document') return block;
  const title = typeof fields['filename'] === 'string' ? { title: fields['filename'] } : {};
  return { ...block, ...title, ...pick(fields, documentExtras), ...pick(part, documentExtras) };
}

function fileBlock(fields: JsonObject, path: string): JsonObject {
  const { file_id: id, file_url: url, file_data: data } = fields;
  const mediaType = mediaTypeOf(fields);
  const kind = lookup(imageTypes, mediaType) !== undefined ? 'image' : 'document';
  if (typeof id === 'string') return { type: kind, source: { type: 'file', file_id: id } };
  if (typeof url === 'string') return urlBlock(url, `${path}.file_url`, kind);
  if (typeof data === 'string') {
    const isUrl = /^(?:data|https?):/i.test(data);
    return isUrl
      ? urlBlock(data, `${path}.file_data`, kind)
      : dataBlock({ mediaType, base64: data }, `${path}.file_data`);
  }
  throw new TranslationError(path, `${path} must have one of file_data, file_url and file_id.`);
}

const typeOfExtension: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
};

// OpenAI's file parts are PDF unless they say otherwise.
function mediaTypeOf(fields: JsonObject): string {
  if (typeof fields['mime_type'] === 'string') return fields['mime_type'].toLowerCase();
  const name = stringOr(fields['filename'], stringOr(fields['file_url']));
  const extension = /\.([a-z0-9]+)(?:[?#].*)?$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return lookup(typeOfExtension, extension) ?? 'application/pdf';
}
