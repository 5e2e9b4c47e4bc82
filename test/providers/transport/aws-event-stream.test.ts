import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awsEventStream } from '../../../src/providers/transport/aws-event-stream.ts';
import { crc32 } from '../../../src/providers/transport/crc32.ts';
import { eventsOf, expectAnySplit } from './framing-cases.ts';

type Value = readonly [type: number, bytes: Buffer];

const text = (value: string): Value => [7, Buffer.concat([uint16(Buffer.byteLength(value)), Buffer.from(value)])];

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 255);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function message(headers: Readonly<Record<string, Value>>, payload: string): Buffer {
  const encoded = Object.entries(headers).map(([name, [type, value]]) =>
    Buffer.concat([Buffer.of(Buffer.byteLength(name)), Buffer.from(name), Buffer.of(type), value]),
  );
  const head = Buffer.concat(encoded);
  const body = Buffer.from(payload);
  const prelude = Buffer.concat([uint32(16 + head.length + body.length), uint32(head.length)]);
  const unsigned = Buffer.concat([prelude, uint32(zlib.crc32(prelude)), head, body]);
  return Buffer.concat([unsigned, uint32(zlib.crc32(unsigned))]);
}

const event = (type: string, payload: string) =>
  message(
    { ':event-type': text(type), ':content-type': text('application/json'), ':message-type': text('event') },
    payload,
  );

describe('an AWS event stream', () => {
  it('gives event types and payloads, cut anywhere', () => {
    const stream = Buffer.concat([
      event('messageStart', '{"role":"assistant"}'),
      event('contentBlockDelta', '{"delta":{"text":"grün 🌱"}}'),
      event('messageStop', '{}'),
    ]);
    expectAnySplit(awsEventStream, stream, [
      { event: 'messageStart', data: '{"role":"assistant"}' },
      { event: 'contentBlockDelta', data: '{"delta":{"text":"grün 🌱"}}' },
      { event: 'messageStop', data: '{}' },
    ]);
  });

  it('reads the shortest message there is, given as bytes', () => {
    const bytes = Buffer.from('000000100000000005c248eb7d98c8ff', 'hex');
    expect(eventsOf(awsEventStream, [bytes])).toEqual([{ data: '' }]);
  });

  it('reads past headers of all ten types', () => {
    const headers = {
      yes: [0, Buffer.alloc(0)],
      no: [1, Buffer.alloc(0)],
      byte: [2, Buffer.alloc(1, 1)],
      short: [3, Buffer.alloc(2, 1)],
      integer: [4, Buffer.alloc(4, 1)],
      long: [5, Buffer.alloc(8, 1)],
      bytes: [6, Buffer.concat([uint16(3), Buffer.from(':ev')])],
      text: text('ü'),
      time: [8, Buffer.alloc(8, 1)],
      uuid: [9, Buffer.alloc(16, 1)],
      ':event-type': text('chunk'),
    } as const satisfies Record<string, Value>;
    expectAnySplit(awsEventStream, message(headers, 'payload'), [{ event: 'chunk', data: 'payload' }]);
  });

  it('marks exceptions', () => {
    const stream = message(
      { ':message-type': text('exception'), ':exception-type': text('throttlingException') },
      '{"message":"slow"}',
    );
    expect(eventsOf(awsEventStream, [stream])).toEqual([
      { event: 'exception:throttlingException', data: '{"message":"slow"}' },
    ]);
  });

  it('marks errors and makes a payload of their message', () => {
    const headers = {
      ':message-type': text('error'),
      ':error-code': text('InternalError'),
      ':error-message': text('oh "no"'),
    };
    expect(eventsOf(awsEventStream, [message(headers, '')])).toEqual([
      { event: 'exception:InternalError', data: '{"message":"oh \\"no\\""}' },
    ]);
  });

  it('finds every wrong bit', () => {
    const stream = event('chunk', '{"a":1}');
    fc.assert(
      fc.property(fc.nat(stream.length * 8 - 1), (bit) => {
        const wrong = Buffer.from(stream);
        wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => eventsOf(awsEventStream, [wrong])).toThrow(
          'The stream is not an AWS event stream. Received: the checksum of its',
        );
      }),
    );
  });

  it('fails when the stream ends within a message', () => {
    const stream = event('chunk', '{"a":1}');
    for (const length of [1, 11, 12, stream.length - 1]) {
      expect(() => eventsOf(awsEventStream, [stream.subarray(0, length)])).toThrow(
        'The stream ended in the middle of an event-stream message',
      );
    }
  });

  it.each([
    ['of an unknown type', { x: [10, Buffer.alloc(0)] }, '10 is no type of header value'],
    ['longer than the headers', { x: [7, uint16(500)] }, 'a header is cut off'],
    ['without value', { x: [4, Buffer.alloc(0)] }, 'a header is cut off'],
  ] satisfies [string, Record<string, Value>, string][])('refuses a header %s', (_what, headers, fault) => {
    expect(() => eventsOf(awsEventStream, [message(headers, '')])).toThrow(
      `502 The stream is not an AWS event stream. Received: ${fault}`,
    );
  });

  it('refuses headers longer than their message', () => {
    const prelude = Buffer.concat([uint32(20), uint32(500)]);
    const stream = Buffer.concat([prelude, uint32(zlib.crc32(prelude)), Buffer.alloc(8)]);
    expect(() => eventsOf(awsEventStream, [stream])).toThrow('a message of 20 bytes cannot hold 500 bytes of headers');
  });

  it('refuses a message beyond the limit before it has come', () => {
    const stream = event('chunk', 'x'.repeat(500));
    expect(() => eventsOf(awsEventStream, [stream.subarray(0, 20)], { maxEventSize: 100 })).toThrow(
      'One event of the stream is larger than 100',
    );
  });
});

it('computes the same CRC-32 as zlib', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(crc32(bytes)).toBe(zlib.crc32(bytes));
    }),
  );
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});
