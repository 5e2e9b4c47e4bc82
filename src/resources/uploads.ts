import { PortkeyError } from '../core/errors/portkey-error.ts';
import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { NamedUpload, Uploadable, UploadPart } from '../core/openai/uploads.ts';

/**
 * `body` with the files in its members `names` (each a file or a list of files) read to their end: a file must be there
 * again for a retry or the next target. Rejects with a `PortkeyError` for what is no file or cannot be read.
 */
export async function withFiles(body: JsonObject, names: readonly string[]): Promise<JsonObject> {
  const given = names.filter((name) => body[name] !== undefined && body[name] !== null);
  const read = await Promise.all(given.map(async (name) => [name, await readField(body[name], name)] as const));
  return { ...body, ...Object.fromEntries(read) };
}

/** `upload` read to its end, under `name` or the name it has. Rejects with a `PortkeyError` when it cannot be read. */
export async function toFile(
  upload: Uploadable | ArrayBuffer | ArrayBufferView,
  name?: string,
  options: { readonly type?: string | undefined; readonly lastModified?: number | undefined } = {},
): Promise<File> {
  const known = nameOf(upload);
  try {
    const { type = typeOf(upload), lastModified } = options;
    const properties = {
      ...(type === undefined ? {} : { type }),
      ...(lastModified === undefined ? {} : { lastModified }),
    };
    return new File(await partsOf(upload), name ?? known ?? 'file', properties);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PortkeyError('invalid_request', `File ${name ?? known ?? '(no name)'} cannot be read: ${why}`, { cause });
  }
}

async function readField(value: unknown, name: string): Promise<Blob | readonly Blob[]> {
  if (Array.isArray(value)) return Promise.all(value.map((one) => readFile(one, name)));
  return readFile(value, name);
}

async function readFile(value: unknown, name: string): Promise<Blob> {
  if (value instanceof Blob) return value;
  if (isUploadable(value)) return toFile(value);
  throw new InvalidRequestError(
    name,
    `"${name}" must be a file: a File, a Blob, a Response, a stream such as fs.createReadStream("speech.mp3"), or { name, data }.`,
  );
}

function isUploadable(value: unknown): value is Uploadable {
  return value instanceof Response || isStream(value) || isNamed(value);
}

function isNamed(value: unknown): value is NamedUpload {
  return typeof value === 'object' && value !== null && 'name' in value && 'data' in value && isStream(value.data);
}

function isStream(value: unknown): value is AsyncIterable<UploadPart> | ReadableStream<UploadPart> {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof ReadableStream || Symbol.asyncIterator in value;
}

async function partsOf(upload: Uploadable | ArrayBuffer | ArrayBufferView): Promise<BlobPart[]> {
  if (upload instanceof Response) return [await upload.blob()];
  if (isNamed(upload)) return collect(upload.data);
  return isStream(upload) ? collect(upload) : [upload as BlobPart];
}

/** With a reader, since not every runtime can iterate a `ReadableStream`. */
async function collect(stream: AsyncIterable<UploadPart> | ReadableStream<UploadPart>): Promise<BlobPart[]> {
  const parts: BlobPart[] = [];
  if (stream instanceof ReadableStream) {
    const reader = stream.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) parts.push(read.value as BlobPart);
  } else {
    for await (const part of stream) parts.push(part as BlobPart);
  }
  return parts;
}

/** A `File` and a named stream say theirs; `fs.createReadStream` has a path, a `Response` a URL. */
function nameOf(upload: object): string | undefined {
  const { name, path, url } = upload as { readonly name?: unknown; readonly path?: unknown; readonly url?: unknown };
  if (typeof name === 'string' && name !== '') return name;
  const place = path === undefined || path === null ? url : String(path);
  const last = typeof place === 'string' ? place.split(/[?#]/)[0]?.split(/[\\/]/).at(-1) : undefined;
  return last === '' ? undefined : last;
}

function typeOf(upload: object): string | undefined {
  if (upload instanceof Response) return upload.headers.get('content-type') ?? undefined;
  const { type } = upload as { readonly type?: unknown };
  return typeof type === 'string' && type !== '' ? type : undefined;
}
