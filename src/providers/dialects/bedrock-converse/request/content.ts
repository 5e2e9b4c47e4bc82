import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { asObject, asText } from '../../shared/lenient.ts';
import { cachePoints } from './cache-point.ts';
import type { Encoding } from './encoding.ts';
import { mediaBlock } from './media.ts';
import { reasoningBlocks } from './reasoning-blocks.ts';

/**
 * A message's `content` as Converse blocks, each followed by its cache point. Blank text goes, because Bedrock refuses it;
 * a part without `type` that is a Converse block already stays as it is. `path` is the content's JSON path. Throws
 * `TranslationError` for a part that Converse has no block for.
 */
export function contentBlocks(content: unknown, path: string, encoding: Encoding): readonly JsonObject[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return textBlocks(content);
  if (!Array.isArray(content)) {
    throw new TranslationError(path, `${path} must be a string or a list of content parts.`);
  }
  return content.flatMap((part: unknown, index) => {
    const partPath = `${path}[${index}]`;
    if (!isJsonObject(part)) throw new TranslationError(partPath, `${partPath} must be a content part.`);
    return [...partBlocks(part, partPath, encoding), ...cachePoints(part, partPath, encoding)];
  });
}

function textBlocks(text: unknown): readonly JsonObject[] {
  return typeof text === 'string' && text.trim() !== '' ? [{ text }] : [];
}

type PartEncoder = (part: JsonObject, path: string, encoding: Encoding) => readonly JsonObject[];

const encoders: ReadonlyMap<string, PartEncoder> = new Map<string, PartEncoder>([
  ['text', (part) => textBlocks(part.text)],
  ['refusal', (part) => textBlocks(part.refusal)],
  ['image_url', (part, path, encoding) => [urlBlock(part, 'image_url', path, encoding)]],
  ['video_url', (part, path, encoding) => [urlBlock(part, 'video_url', path, encoding)]],
  ['input_audio', (part, path, encoding) => [audioBlock(part, path, encoding)]],
  ['file', (part, path, encoding) => [fileBlock(part, path, encoding)]],
  ['json', (part) => [{ json: part.json }]],
  ['thinking', (part, _path, encoding) => reasoningBlocks([part], encoding)],
  ['redacted_thinking', (part, _path, encoding) => reasoningBlocks([part], encoding)],
]);

const converseBlocks = [
  'text',
  'image',
  'document',
  'video',
  'audio',
  'guardContent',
  'cachePoint',
  'searchResult',
  'json',
];

function partBlocks(part: JsonObject, path: string, encoding: Encoding): readonly JsonObject[] {
  if (part.type === undefined && converseBlocks.some((member) => member in part)) return [part];
  const encode = encoders.get(asText(part.type) ?? '');
  if (encode !== undefined) return encode(part, path, encoding);
  throw new TranslationError(
    `${path}.type`,
    `${path}.type is ${JSON.stringify(part.type)}. Bedrock takes ${[...encoders.keys()].join(', ')}.`,
  );
}

function urlBlock(part: JsonObject, member: 'image_url' | 'video_url', path: string, encoding: Encoding): JsonObject {
  const image = part[member];
  const isPlain = typeof image === 'string';
  const urlPath = isPlain ? `${path}.${member}` : `${path}.${member}.url`;
  const url = isPlain ? image : asText(asObject(image).url);
  if (url === undefined) throw new TranslationError(urlPath, `${urlPath} must be a URL.`);
  const detail = asText(asObject(image).detail) ?? 'auto';
  if (detail !== 'auto') encoding.scope.drop(`${path}.${member}.detail`, 'Bedrock has no such setting');
  return mediaBlock({ url, path: urlPath, mediaType: asText(asObject(image).mime_type) }, encoding);
}

function audioBlock(part: JsonObject, path: string, encoding: Encoding): JsonObject {
  const { data, format } = asObject(part.input_audio);
  const dataPath = `${path}.input_audio.data`;
  if (typeof data !== 'string') throw new TranslationError(dataPath, `${dataPath} must be base64.`);
  return mediaBlock({ url: `data:audio/${asText(format) ?? ''};base64,${data}`, path: dataPath }, encoding);
}

/** OpenAI's `file_data`, a data URL or plain base64, or a `file_url` in S3. */
function fileBlock(part: JsonObject, path: string, encoding: Encoding): JsonObject {
  const file = asObject(part.file);
  const name = asText(file.filename) ?? asText(file.file_name);
  const mediaType = asText(file.mime_type) ?? asText(file.format);
  const data = asText(file.file_data);
  const url = asText(file.file_url);
  if (data !== undefined) {
    const dataUrl = data.startsWith('data:') ? data : `data:application/octet-stream;base64,${data}`;
    return mediaBlock({ url: dataUrl, path: `${path}.file.file_data`, name, mediaType }, encoding);
  }
  if (url !== undefined) return mediaBlock({ url, path: `${path}.file.file_url`, name, mediaType }, encoding);
  const idPath = file.file_id === undefined ? `${path}.file` : `${path}.file.file_id`;
  throw new TranslationError(
    idPath,
    `${idPath} cannot be sent: Bedrock keeps no files. Send file_data, or file_url with s3://.`,
  );
}
