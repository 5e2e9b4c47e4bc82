import { UnreadableReplyError } from '../../core/errors/index.ts';
import { crc32 } from './crc32.ts';

/** One message of an AWS event stream. */
export interface AwsMessage {
  /** Headers whose value is text; a stream of model output uses no others. */
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Uint8Array;
}

// Layout, all numbers big-endian: total length (4 bytes), length of the headers (4), CRC-32 of these eight (4), headers, payload,
// CRC-32 of all before (4). Source: Smithy specification, "Amazon Event Stream", "Message wire format".
/** Bytes at the head of a message that tell its length. */
export const preludeLength = 12;
const checksumLength = 4;

/** Length in bytes of the message that `bytes` begin with; at least {@link preludeLength} of them must be there. Throws `UnreadableReplyError`. */
export function messageLength(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  expectChecksum(bytes.subarray(0, 8), view.getUint32(8), 'prelude');
  const total = view.getUint32(0);
  const headers = view.getUint32(4);
  if (headers + preludeLength + checksumLength > total)
    throw malformed(`a message of ${total} bytes cannot hold ${headers} bytes of headers`);
  return total;
}

/** Reads one whole message. Throws `UnreadableReplyError` when a checksum or a header is wrong. */
export function parseMessage(bytes: Uint8Array): AwsMessage {
  const view = viewOf(bytes);
  const end = bytes.length - checksumLength;
  expectChecksum(bytes.subarray(0, end), view.getUint32(end), 'message');
  const headersEnd = preludeLength + view.getUint32(4);
  return { headers: parseHeaders(bytes.subarray(preludeLength, headersEnd)), payload: bytes.subarray(headersEnd, end) };
}

function parseHeaders(bytes: Uint8Array): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const view = viewOf(bytes);
  let offset = 0;
  try {
    while (offset < bytes.length) {
      const typeAt = offset + 1 + view.getUint8(offset);
      const valueAt = typeAt + 1 + lengthSize(view.getUint8(typeAt));
      const end = valueAt + valueLength(view, typeAt);
      if (view.getUint8(typeAt) === text) headers.set(decode(bytes, offset + 1, typeAt), decode(bytes, valueAt, end));
      offset = end;
    }
  } catch (error) {
    throw error instanceof RangeError ? malformed('a header is cut off') : error;
  }
  if (offset > bytes.length) throw malformed('a header is cut off');
  return headers;
}

// Types of header values: true, false, byte, short, integer, long, bytes, text, timestamp, UUID.
const fixedLengths = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16] as const;
const byteArray = 6;
const text = 7;

/** Bytes and text are preceded by their length in two bytes. */
function lengthSize(type: number): number {
  return type === byteArray || type === text ? 2 : 0;
}

function valueLength(view: DataView, typeAt: number): number {
  const type = view.getUint8(typeAt);
  const length = lengthSize(type) === 2 ? view.getUint16(typeAt + 1) : fixedLengths[type];
  if (length === undefined) throw malformed(`${type} is no type of header value`);
  return length;
}

const utf8 = new TextDecoder();

function decode(bytes: Uint8Array, start: number, end: number): string {
  return utf8.decode(bytes.subarray(start, end));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function expectChecksum(bytes: Uint8Array, expected: number, part: string): void {
  const actual = crc32(bytes);
  if (actual !== expected) throw malformed(`the checksum of its ${part} is ${hex(actual)} instead of ${hex(expected)}`);
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}

function malformed(what: string): UnreadableReplyError {
  return new UnreadableReplyError('The stream is not an AWS event stream', what);
}
