import type { IncomingMessage } from 'node:http';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Failure } from './formats/wire-format.ts';

/** Where a request goes: `/groq/v1/models?x=1` is provider `groq`, path `/v1/models`. */
export interface Address {
  /** Empty when the path names none. */
  readonly provider: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query, below the provider's prefix. */
  readonly target: string;
}

/** A body as it was sent, and as a wire format reads it. */
export interface Body {
  /** JSON parsed; form fields; text otherwise; undefined when empty. */
  readonly sent: unknown;
  /** The JSON object or the form's fields; empty where there are none. */
  readonly object: JsonObject;
  /** What the provider says of a body that cannot be read. */
  readonly problem: Failure | undefined;
}

/** Splits a request's URL. */
export function addressOf(url: string): Address {
  const slash = url.indexOf('/', 1);
  const question = url.indexOf('?');
  const pathEnd = question < 0 ? url.length : question;
  const prefixEnd = slash < 0 || slash > pathEnd ? pathEnd : slash;
  return {
    provider: url.slice(1, prefixEnd),
    path: url.slice(prefixEnd, pathEnd),
    query: question < 0 ? noQuery : new URLSearchParams(url.slice(question)),
    target: url.slice(prefixEnd),
  };
}

const noQuery = new URLSearchParams();

/** Longest body read, in bytes; a longer one gets the provider's 413. */
export const bodyLimit = 64 * 1024 * 1024;

/** Collects a request's body; `done` hears undefined when it is too long. */
export function collect(request: IncomingMessage, done: (bytes: Buffer | undefined) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= bodyLimit) chunks.push(chunk);
  });
  request.on('end', () => {
    const [only] = chunks;
    if (length > bodyLimit) done(undefined);
    else done(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
  });
}

/** Reads a body by its content type; undefined is one that was too long. A promise only for forms. */
export function parseBody(bytes: Buffer | undefined, contentType: string): Body | Promise<Body> {
  if (bytes === undefined) return { sent: undefined, object: {}, problem: { kind: 'too_large' } };
  if (bytes.length === 0) return { sent: undefined, object: {}, problem: undefined };
  if (contentType.startsWith('multipart/form-data')) return parseForm(bytes, contentType);
  const text = bytes.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return { sent: value, object: value, problem: undefined };
    return { sent: value, object: {}, problem: unreadable('The body must be a JSON object.') };
  } catch {
    return { sent: text, object: {}, problem: unreadable('We could not parse the JSON body of your request.') };
  }
}

function unreadable(message: string): Failure {
  return { kind: 'invalid_request', message };
}

async function parseForm(bytes: Buffer, contentType: string): Promise<Body> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
    const fields: Record<string, unknown> = {};
    for (const [name, value] of form) {
      fields[name] = typeof value === 'string' ? value : { filename: value.name, type: value.type, size: value.size };
    }
    return { sent: fields, object: fields, problem: undefined };
  } catch {
    return {
      sent: bytes.toString('utf8'),
      object: {},
      problem: unreadable('We could not parse the form of your request.'),
    };
  }
}
