import type { HeaderMap } from '../../core/reply.ts';
import type { HttpRequest } from '../../core/transport.ts';
import { acceptEncoding } from './node-fetch-decoding.ts';

/** Names and values in turn, as a dispatcher takes them, with what `fetch` adds: `accept`, `user-agent`, `accept-encoding`. */
export function requestHeaders(headers: HttpRequest['headers']): string[] {
  const list: string[] = [];
  // `fetch` trims values too: a key read from a file often ends in a line break.
  for (const name in headers) list.push(name, `${headers[name]}`.trim());
  if (headers['accept'] === undefined) list.push('accept', '*/*');
  if (headers['user-agent'] === undefined) list.push('user-agent', 'node');
  if (headers['accept-encoding'] === undefined) list.push('accept-encoding', acceptEncoding());
  return list;
}

/** One header value as undici gives it: Latin-1 bytes, or text where it or a mock has parsed it, or several of them. */
export type RawValue = Uint8Array | string | readonly (Uint8Array | string)[];

/** The header map of a raw list: name, value, name, value, … */
export function parseRawHeaders(raw: readonly RawValue[]): HeaderMap {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    addHeader(headers, nameOf(raw[index]), toText(raw[index + 1]));
  }
  return headers;
}

/** The header map of headers that undici has parsed. */
export function joinHeaders(parsed: Readonly<Record<string, RawValue>>): HeaderMap {
  const headers: Record<string, string> = {};
  for (const name in parsed) addHeader(headers, name.toLowerCase(), toText(parsed[name]));
  return headers;
}

const maxKnown = 512;
const knownNames: (KnownName | undefined)[] = new Array(maxKnown).fill(undefined);

interface KnownName {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** A header's name in lower case. Providers send the same few: one that was seen costs no new text. */
function nameOf(raw: RawValue | undefined): string {
  if (!(raw instanceof Uint8Array)) return toText(raw).toLowerCase();
  const { length } = raw;
  if (length === 0) return '';
  // Where it may stand. Of two names in one place the later stays.
  const mixed = length * 31 + (raw[0] as number) * 7 + (raw[length >> 1] as number) * 3 + (raw[length - 1] as number);
  const place = mixed % maxKnown;
  const known = knownNames[place];
  if (known !== undefined && isEqual(known.bytes, raw)) return known.name;
  const name = toText(raw).toLowerCase();
  knownNames[place] = { bytes: Uint8Array.from(raw), name };
  return name;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

function addHeader(headers: Record<string, string>, name: string, value: string): void {
  const before = headers[name];
  headers[name] = before === undefined ? value : `${before}, ${value}`;
}

function toText(value: RawValue | undefined): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return (value as Buffer).toString('latin1');
  return value === undefined ? '' : value.map(toText).join(', ');
}
