import { TranslationError } from '../../core/errors/reply-errors.ts';
import type { HttpRequest } from '../../core/transport.ts';

/** Keys of an AWS identity; `sessionToken` comes with temporary ones. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What a signature is made with beside the request. */
export interface SigningOptions {
  readonly keys: AwsKeys;
  /** `us-east-1` */
  readonly region: string;
  /** Signing name of the service: `bedrock`, `sts`, `s3`, … */
  readonly service: string;
  /** Milliseconds since the epoch. AWS refuses a signature more than five minutes off. */
  readonly now: number;
}

/**
 * `request` with `x-amz-date`, `authorization`, and `x-amz-security-token` for temporary keys: AWS Signature Version 4,
 * as described in the IAM User Guide under "Create a signed AWS API request". For S3 also `x-amz-content-sha256`.
 * Throws `TranslationError` for form data, whose bytes are not known before they are sent.
 */
export async function signV4(request: HttpRequest, options: SigningOptions): Promise<HttpRequest> {
  const { keys, region, service } = options;
  const timestamp = new Date(options.now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = timestamp.slice(0, 8);
  const payloadHash = await sha256Hex(payloadOf(request));
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': timestamp,
    ...(keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken }),
    ...(service === 's3' ? { 'x-amz-content-sha256': payloadHash } : {}),
  };
  const canonical = canonicalRequest({ ...request, headers }, service, payloadHash);
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = [algorithm, timestamp, scope, await sha256Hex(utf8.encode(canonical.text))].join('\n');
  const key = await signingKey({ secret: keys.secretAccessKey, date, region, service });
  const signature = hex(await crypto.subtle.sign('HMAC', key, utf8.encode(toSign)));
  headers['authorization'] =
    `${algorithm} Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${canonical.signedHeaders}, Signature=${signature}`;
  return { ...request, headers };
}

const algorithm = 'AWS4-HMAC-SHA256';
const utf8 = new TextEncoder();

function payloadOf(request: HttpRequest): Uint8Array<ArrayBuffer> {
  const { body } = request;
  if (body instanceof FormData) {
    throw new TranslationError(
      'body',
      'AWS signs the bytes of a body, so it cannot be form data. Send JSON, text or bytes.',
    );
  }
  return typeof body === 'string' ? utf8.encode(body) : new Uint8Array(body ?? []);
}

/** The request in the form both sides hash, and the header names it covers, joined with `;`. */
export function canonicalRequest(
  request: HttpRequest,
  service: string,
  payloadHash: string,
): { readonly text: string; readonly signedHeaders: string } {
  const url = new URL(request.url);
  const headers = { host: url.host, ...request.headers };
  const names = Object.keys(headers).filter(isSigned).sort();
  const lines = names.map((name) => `${name}:${trimmed(headers[name as keyof typeof headers])}\n`);
  const signedHeaders = names.join(';');
  const path = canonicalPath(url.pathname, service);
  const text = [request.method, path, canonicalQuery(url.search), lines.join(''), signedHeaders, payloadHash].join(
    '\n',
  );
  return { text, signedHeaders };
}

/** Headers that a runtime or a proxy may set or change between here and AWS. */
const unsigned: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'cache-control',
  'connection',
  'content-length',
  'expect',
  'from',
  'keep-alive',
  'max-forwards',
  'pragma',
  'referer',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-amzn-trace-id',
]);

function isSigned(name: string): boolean {
  return !unsigned.has(name) && !name.startsWith('proxy-') && !name.startsWith('sec-');
}

function trimmed(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}

/** S3 takes the path as it names the object, encoded once; every other service the sent path, without empty segments, encoded again. */
function canonicalPath(sent: string, service: string): string {
  if (service === 's3') return sent.split('/').map(decoded).map(encoded).join('/');
  const segments = sent.split('/').filter((segment) => segment !== '');
  const end = segments.length > 0 && sent.endsWith('/') ? '/' : '';
  return `/${segments.map(encoded).join('/')}${end}`;
}

function canonicalQuery(search: string): string {
  const pairs = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [encoded(decoded(name)), encoded(decoded(value.join('=')))] as const;
    });
  pairs.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Percent-encodes all but RFC 3986's unreserved characters. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What a signing key is derived from. It stays the same for a day. */
interface KeyFacts {
  readonly secret: string;
  /** `20150830` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

const derivedKeys = new Map<string, Promise<CryptoKey>>();
const derivedKeysKept = 100;

function signingKey(facts: KeyFacts): Promise<CryptoKey> {
  const id = JSON.stringify([facts.date, facts.region, facts.service, facts.secret]);
  const known = derivedKeys.get(id);
  if (known !== undefined) return known;
  const key = deriveKey(facts);
  derivedKeys.set(id, key);
  const oldest = derivedKeys.keys().next().value;
  if (derivedKeys.size > derivedKeysKept && oldest !== undefined) derivedKeys.delete(oldest);
  return key;
}

async function deriveKey(facts: KeyFacts): Promise<CryptoKey> {
  let key = await hmacKey(utf8.encode(`AWS4${facts.secret}`));
  for (const part of [facts.date, facts.region, facts.service, 'aws4_request']) {
    key = await hmacKey(await crypto.subtle.sign('HMAC', key, utf8.encode(part)));
  }
  return key;
}

function hmacKey(bytes: BufferSource): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', bytes));
}

function hex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
