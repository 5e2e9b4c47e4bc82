import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Ending, Piece } from './transmission.ts';

/**
 * Pieces of a body to pieces of the same body as one gzip member (RFC 1952), each decodable when it arrives. Without
 * `end` the member stays open, as the body does.
 */
export function gzipped(pieces: readonly Piece[], ending: Ending): readonly Piece[] {
  let [sum, length] = [0, 0];
  const result: Piece[] = [{ bytes: memberHeader, atMs: 0 }];
  for (const { bytes, atMs } of pieces) {
    sum = crc32(bytes, sum);
    length += Buffer.byteLength(bytes);
    result.push({ bytes: deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }), atMs });
  }
  if (ending === 'end') result.push({ bytes: trailer(sum, length), atMs: pieces.at(-1)?.atMs ?? 0 });
  return result;
}

// Magic, deflate, no flags, no time, no extra flags, unknown system.
const memberHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);

function trailer(sum: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(sum, 0);
  bytes.writeUInt32LE(length >>> 0, 4);
  return Buffer.concat([deflateRawSync(''), bytes]);
}
