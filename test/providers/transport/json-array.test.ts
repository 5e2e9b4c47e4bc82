import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonArray } from '../../../src/providers/transport/json-array.ts';
import { eventsOf, expectAnySplit } from './framing-cases.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a streamed JSON array', () => {
  it.each([
    ['objects on lines of their own', '[{"a":1}\n,\r\n{"b":2}\n]\n', [{ data: '{"a":1}' }, { data: '{"b":2}' }]],
    ['no space at all', '[{"a":1},{"b":2}]', [{ data: '{"a":1}' }, { data: '{"b":2}' }]],
    ['nested values', '[{"a":{"b":[{},[]]}},{}]', [{ data: '{"a":{"b":[{},[]]}}' }, { data: '{}' }]],
    ['brackets inside of text', '[{"a":"}],[{"},{"b":2}]', [{ data: '{"a":"}],[{"}' }, { data: '{"b":2}' }]],
    ['escapes', '[{"a":"\\"}\\\\"},{"b":"\\\\\\""}]', [{ data: '{"a":"\\"}\\\\"}' }, { data: '{"b":"\\\\\\""}' }]],
    ['characters of every length', '[{"aäの🌱":"🌱"}]', [{ data: '{"aäの🌱":"🌱"}' }]],
    ['a byte order mark', '\ufeff[{"a":1}]', [{ data: '{"a":1}' }]],
    ['no bracket at the end', '[{"a":1},\n', [{ data: '{"a":1}' }]],
    ['a lone object', '{"error":{"code":400}}', [{ data: '{"error":{"code":400}}' }]],
    ['an empty array', '[]', []],
    ['nothing', '', []],
  ])('%s, cut anywhere', (_what, text, expected) => {
    expectAnySplit(jsonArray, bytes(text), expected);
  });

  it('gives any list of objects back, however it is written and cut', () => {
    const lists = fc.array(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), { maxLength: 4 });
    fc.assert(
      fc.property(lists, fc.constantFrom(undefined, 2), fc.integer({ min: 1, max: 9 }), (list, indent, size) => {
        const stream = bytes(JSON.stringify(list, undefined, indent));
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < stream.length; at += size) pieces.push(stream.subarray(at, at + size));
        const data = eventsOf(jsonArray, pieces).map((event) => event.data);
        expect(data.map((text) => JSON.stringify(JSON.parse(text)))).toEqual(
          list.map((value) => JSON.stringify(value)),
        );
      }),
    );
  });

  it('hands an object out when its last byte is there', () => {
    const events: string[] = [];
    const reader = jsonArray(({ data }) => events.push(data));
    reader.feed(bytes('[{"a":1'));
    expect(events).toEqual([]);
    reader.feed(bytes('}'));
    expect(events).toEqual(['{"a":1}']);
  });

  it.each(['<html>', '[1,2]', '[{"a":1},"b"]', 'data: {}'])('refuses %s', (text) => {
    expect(() => eventsOf(jsonArray, [text])).toThrow('502 The stream is not a JSON array of objects. Received: ');
  });

  it('fails when the stream ends within an object', () => {
    expect(() => eventsOf(jsonArray, ['[{"a":1},{"b":"}'])).toThrow('The stream ended in the middle of a JSON object');
  });

  it('refuses an object that never ends', () => {
    const pieces = Array.from({ length: 20 }, () => '{"a":"xx",');
    expect(() => eventsOf(jsonArray, pieces, { maxEventSize: 100 })).toThrow(
      'One event of the stream is larger than 100',
    );
  });
});
