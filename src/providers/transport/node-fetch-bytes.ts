import type { ByteSink, Flow } from '../../core/transport.ts';

/** All chunks of a body, in order. Rejects with what the flow's sink is told. */
export function collectChunks(start: (sink: ByteSink) => Flow): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    start({ data: (chunk) => chunks.push(chunk), end: () => resolve(chunks), error: reject });
  });
}

/** One array of bytes out of many; the chunk itself where there is only one. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}

/** UTF-8 text out of chunks, without a byte order mark, as `Response.text()` gives it. */
export function chunksToText(chunks: readonly Uint8Array[]): string {
  const bytes = joinChunks(chunks);
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString();
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
