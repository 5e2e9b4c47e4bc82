import fc from 'fast-check';
import { expect } from 'vitest';
import type { WireEvent } from '../../../src/core/provider.ts';
import type { Framing, FramingOptions } from '../../../src/providers/transport/framing.ts';

/** The events that `framing` makes of `pieces`, `event` only where there is one. */
export function eventsOf(
  framing: Framing,
  pieces: readonly (string | Uint8Array)[],
  options?: FramingOptions,
): WireEvent[] {
  const events: WireEvent[] = [];
  const reader = framing(({ event, data }) => events.push(event === undefined ? { data } : { event, data }), options);
  for (const piece of pieces) reader.feed(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
  reader.end();
  return events;
}

/** Asserts that `bytes` give `expected` however they are cut, byte by byte included. */
export function expectAnySplit(framing: Framing, bytes: Uint8Array, expected: readonly WireEvent[]): void {
  expect(eventsOf(framing, [bytes])).toEqual(expected);
  expect(
    eventsOf(
      framing,
      [...bytes].map((byte) => Uint8Array.of(byte)),
    ),
  ).toEqual(expected);
  const cuts = fc.uniqueArray(fc.nat(bytes.length), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (points) => {
      expect(eventsOf(framing, split(bytes, points))).toEqual(expected);
    }),
    { numRuns: 60 },
  );
}

function split(bytes: Uint8Array, points: readonly number[]): Uint8Array[] {
  const sorted = [0, ...points.toSorted((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}
