import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PortkeyError } from '../../src/core/errors/index.ts';
import type { FramingName, WireEvent } from '../../src/core/provider.ts';
import { crc32 } from '../../src/providers/transport/crc32.ts';
import type { Framing } from '../../src/providers/transport/framing.ts';
import { framings } from '../../src/providers/transport/framings.ts';
import { cuts, pieces, runs } from './runs.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** An event-stream message with one header. */
function awsMessage(type: string, payload: Uint8Array): Uint8Array {
  const [name, value] = [encode(':event-type'), encode(type)];
  const headers = Uint8Array.from([name.length, ...name, 7, value.length >> 8, value.length & 255, ...value]);
  const bytes = new Uint8Array(16 + headers.length + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, headers.length);
  view.setUint32(8, crc32(bytes.subarray(0, 8)));
  bytes.set(headers, 12);
  bytes.set(payload, 12 + headers.length);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)));
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const values = fc.array(fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 12 }) }), { maxLength: 6 });
const breaks = fc.constantFrom('\n', '\r\n', '\r');

/** A whole stream of each framing, and what it says. */
const streams: Readonly<
  Record<FramingName, fc.Arbitrary<{ readonly bytes: Uint8Array; readonly said: readonly string[] }>>
> = {
  sse: fc.tuple(values, breaks).map(([all, end]) => {
    const said = all.map((value) => JSON.stringify(value));
    return { said, bytes: encode(said.map((data) => `: hi${end}event: x${end}data: ${data}${end}${end}`).join('')) };
  }),
  ndjson: fc.tuple(values, fc.constantFrom('\n', '\r\n')).map(([all, end]) => {
    const said = all.map((value) => JSON.stringify(value));
    return { said, bytes: encode(said.join(end)) };
  }),
  'json-array': values.map((all) => {
    const said = all.map((value) => JSON.stringify(value));
    return { said, bytes: encode(`[${said.join(',\r\n')}]`) };
  }),
  'aws-event-stream': values.map((all) => {
    const said = all.map((value) => JSON.stringify(value));
    return { said, bytes: joined(said.map((data) => awsMessage('chunk', encode(data)))) };
  }),
};

const opened = Object.entries(framings).map(async ([name, part]) => [name, await part.get()] as const);
const readers = Object.fromEntries(await Promise.all(opened)) as Record<FramingName, Framing>;

function read(name: FramingName, parts: readonly Uint8Array[]): readonly string[] {
  const events: WireEvent[] = [];
  const reader = readers[name]((event) => events.push(event), { maxEventSize: 1000 });
  for (const part of parts) reader.feed(part);
  reader.end();
  return events.map(({ data }) => data);
}

describe.each(Object.keys(streams) as FramingName[])('%s', (name) => {
  it('says the same wherever it is cut', () => {
    fc.assert(
      fc.property(streams[name], cuts, ({ bytes, said }, places) => {
        expect(read(name, pieces(bytes, places))).toEqual(said);
      }),
      { numRuns: runs(400) },
    );
  });

  it('takes any bytes, or refuses them with an error of ours', () => {
    const spoiled = fc
      .tuple(streams[name], fc.nat(), fc.uint8Array({ maxLength: 8 }), fc.nat(6))
      .map(([{ bytes }, at, some, gone]) => {
        const place = at % (bytes.length + 1);
        return joined([bytes.subarray(0, place), some, bytes.subarray(place + gone)]);
      });
    const any = fc.oneof(spoiled, fc.uint8Array({ maxLength: 200 }));
    fc.assert(
      fc.property(any, cuts, (bytes, places) => {
        try {
          read(name, pieces(bytes, places));
        } catch (error) {
          if (!(error instanceof PortkeyError)) throw error;
        }
      }),
      { numRuns: runs(800) },
    );
  });
});
