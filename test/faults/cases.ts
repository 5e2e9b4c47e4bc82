import { brotliCompressSync, gzipSync } from 'node:zlib';
import { beginning, chunk, ending, failure, head, healthy, json, open, sse, whole } from './bytes.ts';
import type { Answer } from './wire-server.ts';

/** One way a provider can fail. */
export interface FaultCase {
  readonly name: string;
  /** In place of a server of ours: an address where nobody answers. */
  readonly address?: 'refused' | 'unknown host' | 'not TLS' | 'untrusted TLS';
  readonly answer?: Answer;
  /** Only streamed calls, or only whole ones, meet it. */
  readonly only?: 'whole' | 'stream';
  /** Nothing comes: time limits are set. */
  readonly isSilent?: true;
}

const events = [...beginning, ...ending];
const halves = (bytes: Buffer): [Buffer, Buffer] => [
  bytes.subarray(0, bytes.length >> 1),
  bytes.subarray(bytes.length >> 1),
];
const gzipped = { 'content-encoding': 'gzip' };

/** A stream of these events, all at once, that then goes on as `then` says. */
function streamed(data: string | Buffer, then: (socket: Parameters<Answer>[0], end: () => void) => void): Answer {
  return (socket) => {
    const wire = open(socket);
    wire.send(data);
    then(socket, wire.end);
  };
}

/** One piece at each turn of the event loop. */
function bitByBit(pieces: readonly Buffer[]): Answer {
  return (socket) => {
    const wire = open(socket);
    let position = 0;
    const next = () => {
      const piece = pieces[position++];
      if (socket.destroyed) return;
      if (piece === undefined) return wire.end();
      wire.send(piece);
      setImmediate(next);
    };
    next();
  };
}

/** A body sent whole as bytes, whatever it says of itself. */
function raw(
  headers: Readonly<Record<string, string | number>>,
  body: Buffer,
  then?: (socket: Parameters<Answer>[0]) => void,
): Answer {
  return (socket) => {
    socket.write(head(200, headers));
    socket.write(body);
    then?.(socket);
  };
}

const jsonType = { 'content-type': 'application/json' };
const bytesOf = (text: string) => Array.from(Buffer.from(text), (byte) => Buffer.from([byte]));
const accents = sse([chunk({ role: 'assistant' }), chunk({ content: 'hé' }), chunk({ content: 'llo 🙂' }), ...ending]);

/** Every fault of the matrix, in the order of the table. */
export const faultCases: readonly FaultCase[] = [
  { name: 'connection refused', address: 'refused' },
  { name: 'unknown host name', address: 'unknown host' },
  { name: 'no TLS where TLS is expected', address: 'not TLS', isSilent: true },
  { name: 'a certificate that nobody trusts', address: 'untrusted TLS' },
  { name: 'reset before headers', answer: (socket) => socket.resetAndDestroy() },
  { name: 'closed before headers', answer: (socket) => socket.end() },
  {
    name: 'reset in the body',
    only: 'whole',
    answer: raw({ ...jsonType, 'content-length': 500 }, Buffer.from(whole.slice(0, 40)), (socket) =>
      setTimeout(() => socket.resetAndDestroy(), 5),
    ),
  },
  {
    name: 'reset before the first content',
    only: 'stream',
    answer: streamed(sse(beginning.slice(0, 1)), (socket) => setTimeout(() => socket.resetAndDestroy(), 5)),
  },
  {
    name: 'reset in mid-stream',
    only: 'stream',
    answer: streamed(sse(beginning), (socket) => setTimeout(() => socket.resetAndDestroy(), 5)),
  },
  { name: 'silence before headers', isSilent: true, answer: () => undefined },
  { name: 'headers, then silence', only: 'stream', isSilent: true, answer: (socket) => void open(socket) },
  { name: 'stall in mid-stream', only: 'stream', isSilent: true, answer: streamed(sse(beginning), () => undefined) },
  { name: 'slow drip, byte by byte', only: 'stream', answer: bitByBit(bytesOf(sse(events))) },
  { name: 'truncated JSON', only: 'whole', answer: json(200, whole.slice(0, 40)) },
  { name: 'HTML with 200', answer: raw({ 'content-type': 'text/html', 'content-length': 6 }, Buffer.from('<html>')) },
  {
    name: 'error JSON with 200',
    answer: json(200, '{"error":{"message":"overloaded","type":"server_error","code":null}}'),
  },
  { name: 'empty body with 200', answer: json(200, '') },
  { name: 'whole JSON for a streamed call', only: 'stream', answer: json(200, whole) },
  {
    name: 'error event before the first content',
    only: 'stream',
    answer: streamed(sse([beginning[0] ?? '', '{"error":{"message":"overloaded","type":"server_error"}}']), (_, end) =>
      end(),
    ),
  },
  {
    name: 'error event in mid-stream',
    only: 'stream',
    answer: streamed(sse([...beginning, '{"error":{"message":"overloaded","type":"server_error"}}']), (_, end) =>
      end(),
    ),
  },
  {
    name: 'malformed SSE before the first content',
    only: 'stream',
    answer: streamed(sse(['{"choices":', ...events]), (_, end) => end()),
  },
  {
    name: 'malformed SSE in mid-stream',
    only: 'stream',
    answer: streamed(sse([...beginning, '{"choices":']), (_, end) => end()),
  },
  {
    name: 'a line of 50 MB',
    only: 'stream',
    answer: (socket) => {
      const wire = open(socket);
      const piece = Buffer.alloc(1 << 20, 'x');
      wire.send('data: ');
      let sent = 0;
      const more = () => {
        while (sent++ < 50 && !socket.destroyed) {
          wire.send(piece);
          if (socket.writableNeedDrain) return void socket.once('drain', more);
        }
        if (!socket.destroyed) wire.end();
      };
      more();
    },
  },
  { name: 'UTF-8 cut at every byte', only: 'stream', answer: bitByBit(bytesOf(accents)) },
  { name: 'lines ended by CR', only: 'stream', answer: streamed(sse(events, '\r'), (_, end) => end()) },
  { name: 'lines ended by CRLF', only: 'stream', answer: streamed(sse(events, '\r\n'), (_, end) => end()) },
  {
    name: 'no end marker, with a finish reason',
    only: 'stream',
    answer: streamed(sse([...beginning, ending[0] ?? '']), (_, end) => end()),
  },
  { name: 'no end marker and no finish reason', only: 'stream', answer: streamed(sse(beginning), (_, end) => end()) },
  ...[400, 401, 403, 404, 408, 409, 413, 422, 425].map((status) => ({ name: String(status), answer: failure(status) })),
  {
    name: '400, context length',
    answer: failure(400, {
      code: 'context_length_exceeded',
      message: "This model's maximum context length is 10 tokens.",
    }),
  },
  {
    name: '400, content filter',
    answer: failure(400, { code: 'content_filter', message: 'The response was filtered.' }),
  },
  { name: '429', answer: failure(429) },
  { name: '429, retry-after in seconds', answer: failure(429, {}, { 'retry-after': '1' }) },
  {
    name: '429, retry-after as a date',
    answer: (socket, stream) =>
      failure(429, {}, { 'retry-after': new Date(Date.now() + 1000).toUTCString() })(socket, stream),
  },
  { name: '429, retry-after-ms', answer: failure(429, {}, { 'retry-after-ms': '200' }) },
  { name: '429, retry-after absurd', answer: failure(429, {}, { 'retry-after': '86400' }) },
  { name: '429, account empty', answer: failure(429, { type: 'insufficient_quota', code: 'insufficient_quota' }) },
  ...[500, 502, 503, 504, 529].map((status) => ({ name: String(status), answer: failure(status) })),
  {
    name: '502 with an HTML page',
    answer: (socket) => void socket.write(`${head(502, { 'content-type': 'text/html', 'content-length': 6 })}<html>`),
  },
  {
    name: '307 to another host',
    answer: (socket) => void socket.write(head(307, { location: 'http://127.0.0.1:9/v1', 'content-length': 0 })),
  },
  { name: '302', answer: (socket) => void socket.write(head(302, { location: '/elsewhere', 'content-length': 0 })) },
  { name: 'corrupt gzip', answer: raw({ ...jsonType, ...gzipped, 'content-length': 20 }, Buffer.alloc(20, 7)) },
  {
    name: 'truncated gzip',
    answer: (socket, stream) => {
      const [first] = halves(gzipSync(whole));
      raw({ ...jsonType, ...gzipped, 'content-length': first.length }, first)(socket, stream);
    },
  },
  {
    name: 'corrupt brotli',
    answer: raw({ ...jsonType, 'content-encoding': 'br', 'content-length': 20 }, Buffer.alloc(20, 255)),
  },
  {
    name: 'truncated brotli',
    answer: (socket, stream) => {
      const [first] = halves(brotliCompressSync(whole));
      raw({ ...jsonType, 'content-encoding': 'br', 'content-length': first.length }, first)(socket, stream);
    },
  },
  {
    name: 'sound brotli',
    only: 'whole',
    answer: (socket, stream) => {
      const body = brotliCompressSync(whole);
      raw({ ...jsonType, 'content-encoding': 'br', 'content-length': body.length }, body)(socket, stream);
    },
  },
  {
    name: 'content-length too long',
    only: 'whole',
    answer: raw({ ...jsonType, 'content-length': whole.length + 10 }, Buffer.from(whole), (socket) => socket.end()),
  },
  {
    name: 'content-length too short',
    only: 'whole',
    answer: raw({ ...jsonType, 'content-length': whole.length - 10 }, Buffer.from(whole), (socket) => socket.end()),
  },
  { name: 'not HTTP at all', answer: (socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n') },
  {
    name: 'keep-alive, closed after the reply',
    answer: (socket, stream) => {
      healthy(socket, stream);
      setTimeout(() => socket.end(), 5);
    },
  },
  {
    name: 'keep-alive, half-closed with the reply',
    answer: (socket, stream) => {
      healthy(socket, stream);
      socket.end();
    },
  },
  { name: 'keep-alive, closed when the next call comes', answer: onceEach(healthy, (socket) => void socket.end()) },
  {
    name: 'keep-alive, reset when the next call comes',
    answer: onceEach(healthy, (socket) => void socket.resetAndDestroy()),
  },
];

/** The first call of a connection is answered by `first`, all others by `then`. */
function onceEach(first: Answer, then: Answer): Answer {
  const known = new WeakSet<object>();
  return (socket, stream) => {
    (known.has(socket) ? then : first)(socket, stream);
    known.add(socket);
  };
}
