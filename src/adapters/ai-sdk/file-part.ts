import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { ChatCompletionContentPart } from '../../core/openai/index.ts';
import type { FilePart } from './spec.ts';

/** What of a file part, or of a file in a tool's result, is looked at. */
export type PromptFile = Pick<FilePart, 'data' | 'mediaType' | 'filename' | 'providerOptions'>;

/** A file of a prompt as OpenAI's part: an image, sound, a text, or any other file. Throws `InvalidRequestError` for a reference to somebody else's file. */
export function filePart(part: PromptFile): ChatCompletionContentPart {
  const { data, filename } = part;
  if (data.type === 'reference') return { type: 'file', file: { file_id: fileId(data.reference) } };
  if (data.type === 'text') return { type: 'text', text: data.text };
  const kind = part.mediaType.split('/')[0];
  if (data.type === 'url') return kind === 'image' ? image(String(data.url), part) : fileAt(String(data.url), part);
  const base64 = typeof data.data === 'string' ? data.data : toBase64(data.data);
  const mediaType = fullMediaType(part.mediaType, base64);
  if (kind === 'image') return image(`data:${mediaType};base64,${base64}`, part);
  if (kind === 'text') return { type: 'text', text: toText(data.data) };
  const format = soundFormats[mediaType];
  if (format !== undefined) return { type: 'input_audio', input_audio: { data: base64, format } };
  const name = filename ?? (mediaType === 'application/pdf' ? 'document.pdf' : undefined);
  return {
    type: 'file',
    file: { ...(name === undefined ? {} : { filename: name }), file_data: `data:${mediaType};base64,${base64}` },
  };
}

/** The two that OpenAI takes as sound; others go as files, for those who know them. */
const soundFormats: Readonly<Record<string, 'wav' | 'mp3'>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mp3': 'mp3',
  'audio/mpeg': 'mp3',
};

function image(url: string, { providerOptions }: PromptFile): ChatCompletionContentPart {
  const detail = providerOptions?.['modelmux']?.['imageDetail'] ?? providerOptions?.['openai']?.['imageDetail'];
  const known = detail === 'auto' || detail === 'low' || detail === 'high' || detail === 'original';
  return { type: 'image_url', image_url: { url, ...(known ? { detail } : {}) } };
}

function fileAt(url: string, { mediaType, filename }: PromptFile): ChatCompletionContentPart {
  return {
    type: 'file',
    file: {
      file_url: url,
      ...(mediaType.includes('/') && !mediaType.endsWith('*') ? { mime_type: mediaType } : {}),
      ...(filename === undefined ? {} : { filename }),
    },
  };
}

function fileId(reference: Readonly<Record<string, string>>): string {
  const id = reference['modelmux'] ?? reference['openai'];
  if (id !== undefined) return id;
  const named = Object.keys(reference).join(', ') || 'nobody';
  throw new InvalidRequestError(
    'prompt',
    `A file is given by reference to ${named}. Give its bytes, or a reference to "modelmux" or "openai".`,
  );
}

/** Beginnings of files in base64. Source: the formats' own signatures. */
const signatures: readonly (readonly [start: string, mediaType: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
  ['JVBERi0', 'application/pdf'],
];

const defaults: Readonly<Record<string, string>> = { image: 'image/png', audio: 'audio/wav', video: 'video/mp4' };

/** The SDK may say `image` alone, or with a star. */
function fullMediaType(given: string, base64: string): string {
  const [kind = '', subtype] = given.split('/');
  if (subtype !== undefined && subtype !== '*') return given;
  const found = signatures.find(([start, type]) => base64.startsWith(start) && type.startsWith(kind));
  return found?.[1] ?? defaults[kind] ?? 'application/octet-stream';
}

const pieceLength = 0x8000;

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += pieceLength)
    binary += String.fromCharCode(...bytes.subarray(at, at + pieceLength));
  return btoa(binary);
}

function toText(data: Uint8Array | string): string {
  const bytes = typeof data === 'string' ? Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)) : data;
  return new TextDecoder().decode(bytes);
}
