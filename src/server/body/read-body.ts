import { apiError } from '../../core/errors/api-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ServerSettings } from '../options.ts';
import type { ServerContext } from '../server-env.ts';
import { checkedJson } from './checked-json.ts';

/**
 * The body of a request: a JSON object, or a form. `{}` where there is none. Throws 413 past the limit, 415 for another type or a
 * coding, 400 for JSON that cannot be read.
 */
export async function readBody(
  c: ServerContext,
  { limits: { bodyBytes, jsonDepth }, compat }: Pick<ServerSettings, 'limits' | 'compat'>,
): Promise<JsonObject | FormData> {
  const { method, headers } = c.get('exchange');
  if (method === 'GET' || method === 'HEAD') return {};
  const length = headers['content-length'];
  if (length === '0' || (length === undefined && c.req.raw.body === null)) return {};
  const type = headers['content-type'] ?? '';
  const isForm = /^multipart\/form-data\s*(?:;|$)/i.test(type);
  if (!isForm && !/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) {
    // A body that is announced in chunks may still be empty.
    if (type === '' && (await readBytes(c.req.raw, length, bodyBytes)).byteLength === 0) return {};
    throw wrongType(type);
  }
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') throw wrongCoding(coding);
  if (isForm) return readForm(await readBytes(c.req.raw, length, bodyBytes), type);
  const text = await readText(c.req.raw, length, bodyBytes);
  if (text.trim() === '') return {};
  const allowsTrailingCommas = compat === 'litellm';
  return checkedJson(text, { param: 'body', what: 'The body', maxDepth: jsonDepth, allowsTrailingCommas });
}

/** The body of a request that must be a JSON object. Throws as {@link readBody} does. */
export async function readJson(
  c: ServerContext,
  settings: Pick<ServerSettings, 'limits' | 'compat'>,
): Promise<JsonObject> {
  const body = await readBody(c, settings);
  if (body instanceof FormData) throw new InvalidRequestError('body', 'The body must be JSON, not a form.');
  return body;
}

async function readText(request: Request, length: string | undefined, limit: number): Promise<string> {
  // HTTP lets no more bytes come than were announced.
  if (length !== undefined && checkedLength(length, limit)) return request.text();
  return new TextDecoder().decode(await readBytes(request, length, limit));
}

async function readBytes(
  request: Request,
  length: string | undefined,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (length !== undefined && checkedLength(length, limit)) return new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
    size += read.value.byteLength;
    if (size > limit) {
      reader?.cancel().catch(() => undefined);
      throw tooLarge(limit);
    }
    chunks.push(read.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function checkedLength(length: string, limit: number): true {
  if (!/^\d+$/.test(length))
    throw new InvalidRequestError('content-length', 'Content-Length must be a number of bytes.');
  if (Number(length) > limit) throw tooLarge(limit);
  return true;
}

/** The runtime's own reader, over bytes that are all there. */
async function readForm(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<FormData> {
  try {
    return await new Response(bytes, { headers: { 'content-type': type } }).formData();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidRequestError('body', `The form cannot be read: ${why}.`);
  }
}

function tooLarge(limit: number) {
  const message = `The body is larger than the ${limit} bytes that this server takes.`;
  return apiError({
    status: 413,
    kind: 'invalid_request',
    type: 'invalid_request_error',
    code: 'body_too_large',
    message,
  });
}

function wrongType(type: string) {
  const given = type === '' ? 'without a content type' : `of type ${JSON.stringify(type)}`;
  const message = `A body ${given} is not accepted. Send "content-type: application/json", or multipart/form-data for files.`;
  return unsupported('content-type', message);
}

function wrongCoding(coding: string) {
  return unsupported('content-encoding', `A body in ${JSON.stringify(coding)} is not accepted. Send it as it is.`);
}

function unsupported(param: string, message: string) {
  const code = 'unsupported_media_type';
  return apiError({ status: 415, kind: 'invalid_request', type: 'invalid_request_error', code, param, message });
}
