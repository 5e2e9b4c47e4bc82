import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '../../../../src/routing/middleware/cache/canonical-json.ts';

it.each<[string, unknown, string]>([
  ['sorts keys at every depth', { b: [{ d: 1, c: 2 }], a: 'x' }, '{"a":"x","b":[{"c":2,"d":1}]}'],
  ['keeps the order of lists', [3, 1, 2], '[3,1,2]'],
  ['leaves out absent members', { a: undefined, b: null }, '{"b":null}'],
  ['writes absent items as null', [undefined], '[null]'],
  ['writes what toJSON says', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['escapes lone surrogates', '\ud800', '"\\ud800"'],
  ['keeps a member called __proto__', JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
])('%s', (_, value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

const circle: Record<string, unknown> = {};
circle.self = circle;

it.each<[string, unknown]>([
  ['a function', { a: () => 1 }],
  ['a big integer', { a: 1n }],
  ['a file', { a: [new Blob(['x'])] }],
  ['bytes', { a: new Uint8Array(2) }],
  ['a buffer', new ArrayBuffer(2)],
  ['a circle', circle],
])('gives up on %s', (_, value) => {
  expect(canonicalJson(value)).toBeUndefined();
});

it('says the same as JSON, whatever the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value) as string;
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(text);
    }),
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
