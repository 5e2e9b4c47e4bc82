import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../../core/json.ts';
import { parseDataUrl } from '../../shared/data-url.ts';
import type { Encoding } from './encoding.ts';

/** An image, document, video or sound of a message. */
export interface Media {
  /** `data:` or `s3://`. */
  readonly url: string;
  /** JSON path of the URL, for errors. */
  readonly path: string;
  /** File name: names a document, and tells the format where nothing else does. */
  readonly name?: string | undefined;
  /** Media type where the URL does not tell it. */
  readonly mediaType?: string | undefined;
}

/**
 * `media` as a Converse block: bytes of a `data:` URL as base64, or a place in S3. Throws `TranslationError` for a web
 * address, which Bedrock does not fetch, and for a format it does not take. Source: Bedrock API reference, "ImageBlock",
 * "DocumentBlock", "VideoBlock", "AudioBlock".
 */
export function mediaBlock(media: Media, encoding: Encoding): JsonObject {
  const data = parseDataUrl(media.url);
  const source = data === undefined ? s3Source(media) : { bytes: data.base64 };
  const { kind, format } = formatOf(media, data?.mediaType);
  const name = kind === 'document' ? { name: encoding.documentName(media.name ?? s3Name(media.url)) } : {};
  return { [kind]: { format, ...name, source } };
}

function s3Source({ url, path }: Media): JsonObject {
  if (url.startsWith('s3://')) return { s3Location: { uri: url } };
  throw new TranslationError(
    path,
    `${path} must be a data: URL (data:image/png;base64,…) or a place in S3 (s3://bucket/key): Bedrock fetches nothing from the web.`,
  );
}

function s3Name(url: string): string | undefined {
  return url.startsWith('s3://') ? url.split('/').at(-1) : undefined;
}

interface Format {
  readonly kind: 'image' | 'document' | 'video' | 'audio';
  readonly format: string;
}

function formatOf(media: Media, dataType: string | undefined): Format {
  const given = media.mediaType?.toLowerCase();
  const byType = [given, dataType].map((type) => (type === undefined ? undefined : ofType(type)));
  const format = byType.find((found) => found !== undefined) ?? ofExtension(media.name ?? media.url);
  if (format !== undefined) return format;
  const type = given ?? dataType ?? 'unknown';
  throw new TranslationError(
    media.path,
    `${media.path} has the media type ${JSON.stringify(type)}, which Bedrock does not take. Valid: ${[...types.keys()].join(', ')}.`,
  );
}

function ofType(type: string): Format | undefined {
  return types.get(type) ?? (type.startsWith('text/') ? { kind: 'document', format: 'txt' } : undefined);
}

function ofExtension(name: string): Format | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return extensions.get(extension);
}

const office = 'application/vnd.openxmlformats-officedocument';

const formats: readonly (readonly [Format['kind'], format: string, extensions: string, types: string])[] = [
  ['image', 'jpeg', 'jpeg jpg', 'image/jpeg image/jpg'],
  ['image', 'png', 'png', 'image/png'],
  ['image', 'gif', 'gif', 'image/gif'],
  ['image', 'webp', 'webp', 'image/webp'],
  ['document', 'pdf', 'pdf', 'application/pdf'],
  ['document', 'csv', 'csv', 'text/csv'],
  ['document', 'doc', 'doc', 'application/msword'],
  ['document', 'docx', 'docx', `${office}.wordprocessingml.document`],
  ['document', 'xls', 'xls', 'application/vnd.ms-excel'],
  ['document', 'xlsx', 'xlsx', `${office}.spreadsheetml.sheet`],
  ['document', 'html', 'html htm', 'text/html'],
  ['document', 'txt', 'txt json xml yaml yml', 'text/plain application/json application/xml application/yaml'],
  ['document', 'md', 'md', 'text/markdown text/x-markdown'],
  ['video', 'mkv', 'mkv', 'video/x-matroska'],
  ['video', 'mov', 'mov', 'video/quicktime'],
  ['video', 'mp4', 'mp4', 'video/mp4'],
  ['video', 'webm', 'webm', 'video/webm'],
  ['video', 'flv', 'flv', 'video/x-flv'],
  ['video', 'mpeg', 'mpeg', 'video/mpeg'],
  ['video', 'mpg', 'mpg', 'video/mpg'],
  ['video', 'wmv', 'wmv', 'video/x-ms-wmv'],
  ['video', 'three_gp', '3gp', 'video/3gpp'],
  ['audio', 'mp3', 'mp3', 'audio/mpeg audio/mp3'],
  ['audio', 'wav', 'wav', 'audio/wav audio/x-wav audio/wave'],
  ['audio', 'flac', 'flac', 'audio/flac audio/x-flac'],
  ['audio', 'ogg', 'ogg', 'audio/ogg'],
  ['audio', 'opus', 'opus', 'audio/opus'],
  ['audio', 'aac', 'aac', 'audio/aac'],
  ['audio', 'm4a', 'm4a', 'audio/mp4 audio/x-m4a'],
  ['audio', 'webm', '', 'audio/webm'],
];

const types = table(([, , , names]) => names);
const extensions = table(([, , names]) => names);

function table(namesOf: (row: (typeof formats)[number]) => string): ReadonlyMap<string, Format> {
  return new Map(
    formats.flatMap((row) =>
      namesOf(row)
        .split(' ')
        .filter((name) => name !== '')
        .map((name): [string, Format] => [name, { kind: row[0], format: row[1] }]),
    ),
  );
}
