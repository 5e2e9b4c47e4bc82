import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/config/by-id/parse-document.ts';
import { UnusableConfig } from '../../../src/config/by-id/read-found.ts';
import { canary, expectNoCanary, failure } from '../../vault/secrets.ts';

const parse = (text: string, format: 'json' | 'yaml') => parseDocument(new TextEncoder().encode(text), format);

describe('parseDocument', () => {
  it.each<[string, 'json' | 'yaml', unknown]>([
    ['{"a": [1, "b", {"c": null}]}', 'json', { a: [1, 'b', { c: null }] }],
    ['\ufeff{"a": 1}', 'json', { a: 1 }],
    ['{"a": {"x": 1}, "b": {"x": 2}}', 'json', { a: { x: 1 }, b: { x: 2 } }],
    ['[{"x": 1}, {"x": 2}]', 'json', [{ x: 1 }, { x: 2 }]],
    ['{"a": "a", "b": "\\"a\\": {"}', 'json', { a: 'a', b: '"a": {' }],
    ['a:\n  - 1\n  - b: yes\n', 'yaml', { a: [1, { b: 'yes' }] }],
    ['base: &base {x: 1}\nother: *base\n', 'yaml', { base: { x: 1 }, other: { x: 1 } }],
    ['per_error: {429: 3}', 'yaml', { per_error: { 429: 3 } }],
    ['', 'yaml', null],
  ])('reads %j as %s', async (text, format, expected) => {
    expect(await parse(text, format)).toEqual(expected);
  });

  it.each<[string, string, 'json' | 'yaml', string]>([
    ['a mistake', `{\n  "api_key": ${canary}\n}`, 'json', 'is not valid JSON: line 2, column 14: unexpected token'],
    ['an end too early', `{"api_key": "${canary}"`, 'json', 'is not valid JSON: line 1, column 37: unexpected token'],
    ['nothing', '', 'json', 'is not valid JSON: line 1, column 1: unexpected token'],
    ['a comma too many', '[\n  1,\n  2,\n]', 'json', 'is not valid JSON: line 4, column 1: unexpected token'],
    ['a comma too many', '{"a": 1,}', 'json', 'is not valid JSON: line 1, column 9: unexpected token'],
    ['a comment', '{} // no', 'json', 'is not valid JSON: line 1, column 4: unexpected token'],
    ['a key twice', `{\n "a": "${canary}",\n "a": 2\n}`, 'json', 'is not valid JSON: line 3, column 2: duplicate key'],
    [
      'a key twice, deep',
      '{"x": [{"y": {"a": 1, "b": {}, "a": 2}}]}',
      'json',
      'is not valid JSON: line 1, column 32: duplicate key',
    ],
    [
      'a key twice, spelt otherwise',
      '{"a": 1, "\\u0061": 2}',
      'json',
      'is not valid JSON: line 1, column 10: duplicate key',
    ],
    ['a key twice', `a: ${canary}\nb: 1\na: 2\n`, 'yaml', 'is not valid YAML: line 3, column 1: duplicate key'],
    [
      'a key twice, deep',
      'x: [{y: {a: 1, b: {a: 3}, a: 2}}]',
      'yaml',
      'is not valid YAML: line 1, column 27: duplicate key',
    ],
    ['a key twice, as number and text', '1: a\n"1": b\n', 'yaml', 'is not valid YAML: line 2, column 1: duplicate key'],
    ['a list as a key', '[a, b]: 1\n', 'yaml', 'is not valid YAML: line 1, column 1: a key must be a plain value'],
    ['a mistake', `a: "${canary}" b\n`, 'yaml', 'is not valid YAML: line 1, column 29: unexpected token'],
    ['an alias to nothing', `a: *${canary}\n`, 'yaml', 'cannot be read: an alias (*) names no anchor (&)'],
    ['two documents', 'a: 1\n---\nb: 2\n', 'yaml', 'is not valid YAML: line 2, column 1: multiple docs'],
    [
      'an unknown tag',
      `a: !!js/function "${canary}"\n`,
      'yaml',
      'is not valid YAML: line 1, column 4: tag resolve failed',
    ],
    [
      'too many nested lists',
      '['.repeat(200_000),
      'json',
      'is not valid JSON: line 1, column 200001: unexpected token',
    ],
  ])('refuses %s and says where: %#', async (_, text, format, message) => {
    const error = await failure(() => parse(text, format));
    expect(error).toBeInstanceOf(UnusableConfig);
    expect(error.message).toBe(message);
    expectNoCanary(error);
  });

  it('names up to five mistakes of a YAML file', async () => {
    const error = await failure(() => parse('a: 1\n'.repeat(10), 'yaml'));
    expect(error.message.match(/duplicate key/g)).toHaveLength(5);
  });

  it('refuses aliases that multiply', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    const error = await failure(() => parse(['l0: &l0 [lol]', ...levels].join('\n'), 'yaml'));
    expect(error.message).toBe('cannot be read: its aliases multiply beyond measure');
  });

  it.each<[string, string, 'json' | 'yaml']>([
    ['YAML', Array.from({ length: 40_000 }, (_, line) => `key${line}: value${line}\n`).join(''), 'yaml'],
    ['JSON', JSON.stringify(Array.from({ length: 40_000 }, (_, index) => ({ key: `value${index}` }))), 'json'],
  ])(
    'reads a large file of many keys in time that grows with its size: %s',
    { timeout: 10_000 },
    async (_, text, format) => {
      expect(Object.keys((await parse(text, format)) as object)).toHaveLength(40_000);
    },
  );

  it('refuses more than 1000 aliases', async () => {
    const list = (count: number) => `a: &a 1\nb: [${'*a,'.repeat(count)}]`;
    expect(await parse(list(1000), 'yaml')).toMatchObject({ a: 1 });
    const error = await failure(() => parse(list(1001), 'yaml'));
    expect(error.message).toBe('is not valid YAML: line 2, column 3005: more than 1000 aliases');
  });

  it('refuses lists nested too deeply in YAML', async () => {
    const error = await failure(() => parse('['.repeat(50_000) + ']'.repeat(50_000), 'yaml'));
    expect(error).toBeInstanceOf(UnusableConfig);
  });

  it('refuses bytes that are no UTF-8', async () => {
    const error = await failure(() => parseDocument(Uint8Array.of(0x7b, 0xff, 0x7d), 'json'));
    expect(error.message).toBe('is not UTF-8 text');
  });

  it('accepts and refuses the same texts as JSON.parse', async () => {
    const letters = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b\\n"',
      '1',
      '-0.5e3',
      '01',
      'true',
      'nul',
      ' ',
      '\n',
      '"',
      '\t',
      '"\u0001"',
    ];
    const text = fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, async (text) => {
        const isValid = await Promise.resolve()
          .then(() => JSON.parse(text))
          .then(
            () => true,
            () => false,
          );
        const outcome = await parse(text, 'json').then(
          () => 'valid',
          (error: Error) => error.message,
        );
        if (isValid) expect(outcome === 'valid' || outcome.endsWith('duplicate key')).toBe(true);
        else expect(outcome).toMatch(/^is not valid JSON: line \d+, column \d+: /);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads any JSON as JSON.parse does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        expect(await parse(text, 'json')).toEqual(JSON.parse(text));
      }),
    );
  });
});
