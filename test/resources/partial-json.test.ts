import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePartialJson } from '../../src/resources/partial-json.ts';

describe('the beginning of a JSON text', () => {
  it.each<[string, unknown]>([
    ['', null],
    [' \n', null],
    ['{', {}],
    ['[', []],
    ['{"na', {}],
    ['{"name"', {}],
    ['{"name":', {}],
    ['{"name": "A', { name: 'A' }],
    ['{"name": "A", "age": 4', { name: 'A' }],
    ['{"name": "A", "age": 42,', { name: 'A', age: 42 }],
    ['{"name": "A", "age": 42 ', { name: 'A', age: 42 }],
    ['{"name": "A", "tags": ["x", "y', { name: 'A', tags: ['x', 'y'] }],
    ['{"a": {"b": [1, {"c": tr', { a: { b: [1, { c: true }] } }],
    ['{"a": [], "b": n', { a: [], b: null }],
    ['{"a": -', {}],
    ['[1, 2', [1]],
    ['"Hi', 'Hi'],
    ['"a\\', 'a'],
    ['"a\\\\', 'a\\'],
    ['"a\\u00', 'a'],
    ['"a\\u00e9', 'aé'],
    ['"a\\"b', 'a"b'],
    ['{"a}": "{[', { 'a}': '{[' }],
    ['{"a": "line\nbreak', null],
    ['no JSON', null],
    ['{]', null],
    ['42', 42],
  ])('%j stands for %j', (text, value) => {
    expect(parsePartialJson(text)).toEqual(value);
  });

  it('never fails, and the whole text is what JSON.parse makes of it', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: 'grapheme' }),
        fc.nat(),
        fc.constantFrom(undefined, 2),
        (value, at, indent) => {
          const text = JSON.stringify(value, null, indent);
          expect(parsePartialJson(text)).toEqual(JSON.parse(text));
          const part = parsePartialJson(text.slice(0, at % (text.length + 1)));
          expect(JSON.stringify(part)).toBeTypeOf('string');
        },
      ),
    );
  });

  it('stands for an object from the first bracket to the last', () => {
    const text = JSON.stringify({ a: 'x', b: { c: [true, null, 1.5e3], d: 'é"\\' }, e: [] });
    const seen = Array.from({ length: text.length + 1 }, (_, end) => parsePartialJson(text.slice(0, end)));
    for (const value of seen.slice(1)) expect(value).toBeTypeOf('object');
    expect(seen.at(-1)).toEqual(JSON.parse(text));
  });
});
