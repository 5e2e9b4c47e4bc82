import type { Faults } from './behaviour.ts';

/** All that is sent in answer to one request, laid out in time. */
export interface Transmission {
  readonly status: number;
  /** Flat: name, value, … */
  readonly headers: readonly string[];
  readonly pieces: readonly Piece[];
  readonly ending: Ending;
}

/** Bytes written together. */
export interface Piece {
  readonly bytes: string | Uint8Array;
  /** From the headers. */
  readonly atMs: number;
}

/** `end` completes the response, `reset` destroys the socket, `stall` leaves it open and silent. */
export type Ending = 'end' | 'reset' | 'stall';

/** Cuts a body as `dripBytesMs` and `splitBytes` ask, wherever its pieces begin; bytes keep the time of their piece. */
export function recut(pieces: readonly Piece[], { dripBytesMs, splitBytes }: Faults): readonly Piece[] {
  const size = dripBytesMs === undefined ? splitBytes : 1;
  if (size === undefined) return pieces;
  const stepMs = dripBytesMs ?? 0;
  const result: Piece[] = [];
  let readyMs = 0;
  for (const { bytes, atMs } of joinedByTime(pieces)) {
    readyMs = Math.max(readyMs, atMs);
    for (let start = 0; start < bytes.length; start += size) {
      result.push({ bytes: bytes.subarray(start, start + size), atMs: readyMs });
      readyMs += stepMs;
    }
  }
  return result;
}

/** Neighbours that are due together become one. */
function joinedByTime(pieces: readonly Piece[]): readonly { readonly bytes: Buffer; readonly atMs: number }[] {
  const groups: { readonly parts: Buffer[]; readonly atMs: number }[] = [];
  for (const { bytes, atMs } of pieces) {
    const last = groups.at(-1);
    if (last?.atMs === atMs) last.parts.push(Buffer.from(bytes));
    else groups.push({ parts: [Buffer.from(bytes)], atMs });
  }
  return groups.map(({ parts, atMs }) => ({ bytes: Buffer.concat(parts), atMs }));
}
