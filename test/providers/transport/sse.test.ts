import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sse } from '../../../src/providers/transport/sse.ts';
import { eventsOf, expectAnySplit } from './framing-cases.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('server-sent events', () => {
  it.each([
    ['one event', 'data: {"a":1}\n\n', [{ data: '{"a":1}' }]],
    ['no space after the colon', 'data:{"a":1}\n\n', [{ data: '{"a":1}' }]],
    ['carriage returns', 'data: 1\r\rdata: 2\r\r', [{ data: '1' }, { data: '2' }]],
    ['both', 'event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n', [{ event: 'a', data: '1' }, { data: '2' }]],
    [
      'named events',
      'event: delta\ndata: 1\n\nevent: stop\ndata: 2\n\n',
      [
        { event: 'delta', data: '1' },
        { event: 'stop', data: '2' },
      ],
    ],
    ['comments', ': keep-alive\n\n: OPENROUTER PROCESSING\n\ndata: 1\n\n', [{ data: '1' }]],
    ['ids and retries', 'id: 7\nretry: 100\ndata: 1\n\n', [{ data: '1' }]],
    ['unknown fields', 'x: 1\nnonsense\ndata: 1\n\n', [{ data: '1' }]],
    ['a byte order mark', '\ufeffdata: 1\n\n', [{ data: '1' }]],
    ['a byte order mark inside of data', 'data: \ufeffä\ufeff\n\n', [{ data: '\ufeffä\ufeff' }]],
    ['several lines of data', 'data: a\ndata: b\ndata:\ndata: c\n\n', [{ data: 'a\nb\n\nc' }]],
    ['an event without data', 'event: ping\n\ndata: 1\n\n', [{ data: '1' }]],
    ['empty data', 'data\n\ndata: 1\n\n', [{ data: '' }, { data: '1' }]],
    [
      'line separators inside of data',
      'data: {"a":"\u2028\u2029\u0085"}\n\n',
      [{ data: '{"a":"\u2028\u2029\u0085"}' }],
    ],
    ['characters of every length', 'data: aäの🌱\n\ndata: 🌱\n\n', [{ data: 'aäの🌱' }, { data: '🌱' }]],
    ['no blank line at the end', 'data: 1\n\ndata: 2\n', [{ data: '1' }, { data: '2' }]],
    [
      'no line break at the end',
      'data: 1\n\nevent: stop\ndata: {"b":"ä"}',
      [{ data: '1' }, { event: 'stop', data: '{"b":"ä"}' }],
    ],
    ['a carriage return at the end', 'data: 1\r', [{ data: '1' }]],
    ['a name without data at the end', 'data: 1\n\nevent: stop\n', [{ data: '1' }]],
    ['nothing', '', []],
  ])('%s, cut anywhere', (_what, text, expected) => {
    expectAnySplit(sse, bytes(text), expected);
  });

  it('gives any list of JSON values back, cut anywhere', () => {
    const values = fc.array(fc.record({ text: fc.string({ unit: 'grapheme' }), n: fc.integer() }), { maxLength: 5 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 9 }), (list, size) => {
        const stream = bytes(list.map((value) => `data: ${JSON.stringify(value)}\n\n`).join(''));
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < stream.length; at += size) pieces.push(stream.subarray(at, at + size));
        expect(eventsOf(sse, pieces).map(({ data }) => JSON.parse(data))).toEqual(list);
      }),
    );
  });

  it('replaces bytes that are no UTF-8, and a character cut off by the end', () => {
    const stream = [Uint8Array.of(...bytes('data: a'), 0xff), bytes('b\n\ndata: '), Uint8Array.of(0xf0, 0x9f)];
    expect(eventsOf(sse, stream)).toEqual([{ data: 'a\ufffdb' }, { data: '\ufffd' }]);
  });

  it.each([
    ['one line that never ends', ['data: ', 'x'.repeat(60), 'x'.repeat(60)]],
    ['data lines that never end', Array.from({ length: 20 }, () => 'data: 1234567\n')],
  ])('refuses %s', (_what, pieces) => {
    expect(() => eventsOf(sse, pieces, { maxEventSize: 100 })).toThrow(
      'One event of the stream is larger than 100. Received: ',
    );
  });

  it('takes any number of events below the limit', () => {
    const stream = 'data: 123456789\n\n'.repeat(100);
    expect(eventsOf(sse, [stream], { maxEventSize: 100 }).length).toBe(100);
  });

  it('lets what its listener throws through', () => {
    const reader = sse(() => {
      throw new RangeError('no chunk');
    });
    expect(() => reader.feed(bytes('data: 1\n\n'))).toThrow(new RangeError('no chunk'));
  });
});
