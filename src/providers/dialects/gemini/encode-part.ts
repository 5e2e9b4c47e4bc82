import { TranslationError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { parseDataUrl } from '../shared/data-url.ts';
import { asObject, asText, present } from '../shared/lenient.ts';
import { mediaTypeOf } from './media-type.ts';

/** A content part and where it stands, for errors: `messages[0].content[1]`. */
export interface PlacedPart {
  readonly part: JsonObject;
  readonly path: string;
}

/**
 * One of OpenAI's content parts as a Gemini `Part`: text, image, audio, file, video. Data URLs travel inline, other URLs
 * as `fileData`. Throws `TranslationError` for what Gemini cannot take. Source: "Part", Gemini API reference.
 */
export function encodePart(placed: PlacedPart, scope: CodecScope): JsonObject {
  const type = asText(placed.part.type) ?? '';
  const encode = Object.hasOwn(encoders, type) ? encoders[type] : undefined;
  if (encode === undefined) {
    throw new TranslationError(
      `${placed.path}.type`,
      `Gemini cannot take a content part of type "${type}". Valid: ${Object.keys(encoders).join(', ')}.`,
    );
  }
  return encode(placed, scope);
}

const encoders: Readonly<Record<string, (placed: PlacedPart, scope: CodecScope) => JsonObject>> = {
  text: ({ part, path }) => ({ text: textOf(part.text, `${path}.text`) }),
  refusal: ({ part, path }) => ({ text: textOf(part.refusal, `${path}.refusal`) }),
  image_url: imagePart,
  input_audio: audioPart,
  file: filePart,
  video_url: videoPart,
};

function textOf(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw new TranslationError(path, 'A text part needs a string.');
}

function imagePart({ part, path }: PlacedPart, scope: CodecScope): JsonObject {
  const image = typeof part.image_url === 'string' ? { url: part.image_url } : asObject(part.image_url);
  if (image.detail === 'low' || image.detail === 'high') {
    scope.drop('image_url.detail', 'Gemini sets the resolution for the whole request, as media_resolution');
  }
  return mediaPart({ url: image.url, hint: hintOf(image, part), path: `${path}.image_url.url` });
}

function videoPart({ part, path }: PlacedPart): JsonObject {
  const video = typeof part.video_url === 'string' ? { url: part.video_url } : asObject(part.video_url);
  return mediaPart({ url: video.url, hint: hintOf(video, part), path: `${path}.video_url.url` });
}

function audioPart({ part, path }: PlacedPart): JsonObject {
  const audio = asObject(part.input_audio);
  if (typeof audio.data !== 'string')
    throw new TranslationError(`${path}.input_audio.data`, 'Give the audio as base64.');
  const format = asText(audio.format);
  if (format === undefined) throw new TranslationError(`${path}.input_audio.format`, 'Give a format, such as "wav".');
  return { inlineData: { mimeType: mediaTypeOf(`.${format}`) ?? `audio/${format}`, data: audio.data } };
}

/** `file_id` may be an address that Google can read: a Files API URI, `gs://…` or https. OpenAI's IDs mean nothing to it. */
function filePart({ part, path }: PlacedPart): JsonObject {
  const file = asObject(part.file);
  const hint = hintOf(file, part) ?? mediaTypeOf(asText(file.filename) ?? '');
  const data = asText(file.file_data);
  if (data !== undefined && !/^(?:data:|https?:|gs:)/i.test(data)) {
    if (hint === undefined) {
      throw new TranslationError(
        `${path}.file.file_data`,
        'The media type of the file is not known. Give file_data as a data: URL, or a mime_type or filename beside it.',
      );
    }
    return { inlineData: { mimeType: hint, data } };
  }
  const field = data === undefined ? (file.file_url === undefined ? 'file_id' : 'file_url') : 'file_data';
  return mediaPart({ url: data ?? file.file_url ?? file.file_id, hint, path: `${path}.file.${field}` });
}

function hintOf(...holders: readonly JsonObject[]): string | undefined {
  return holders
    .flatMap((holder) => [holder.mime_type, holder.mimeType, holder.format])
    .map(asText)
    .find((hint) => hint?.includes('/'));
}

interface Media {
  readonly url: unknown;
  /** Media type the caller names. */
  readonly hint: string | undefined;
  readonly path: string;
}

const youTube = /^https?:\/\/(?:(?:www\.|m\.)?youtube\.com|youtu\.be)\//i;
/** A file uploaded to Google, whose media type it knows. */
const uploadedFile = /^https:\/\/generativelanguage\.googleapis\.com\/\S*\bfiles\//i;

function mediaPart({ url, hint, path }: Media): JsonObject {
  if (typeof url !== 'string') throw new TranslationError(path, 'Give a URL: data:, https:, gs: or a Files API URI.');
  const inline = parseDataUrl(url);
  if (inline !== undefined) return { inlineData: { mimeType: hint ?? inline.mediaType, data: inline.base64 } };
  if (!/^(?:https?|gs):\/\//i.test(url)) {
    throw new TranslationError(
      path,
      `Gemini cannot read "${shown(url)}". Give a data: URL, an https: or gs: URL, or a Files API URI.`,
    );
  }
  const mimeType = hint ?? (youTube.test(url) ? 'video/mp4' : mediaTypeOf(url));
  if (mimeType === undefined && !uploadedFile.test(url)) {
    throw new TranslationError(
      path,
      `Gemini needs a media type and "${shown(url)}" has no known extension. Add mime_type beside the URL, such as "image/jpeg", or send a data: URL.`,
    );
  }
  return { fileData: present({ mimeType, fileUri: url }) };
}

/** Without its query, which may hold a signature. */
function shown(url: string): string {
  return (url.split(/[?#]/, 1)[0] ?? '').slice(0, 100);
}
