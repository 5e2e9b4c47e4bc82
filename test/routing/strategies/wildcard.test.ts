import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupNames } from '../../../src/routing/strategies/group-names.ts';
import { bySpecificity, fill, wildcard } from '../../../src/routing/strategies/wildcard.ts';

it.each<[string, string, readonly string[] | undefined]>([
  ['azure/*', 'azure/gpt-4o', ['gpt-4o']],
  ['azure/*', 'azure/', ['']],
  ['azure/*', 'openai/gpt-4o', undefined],
  ['*', 'anything', ['anything']],
  ['*', '', ['']],
  ['fo::*:static::*', 'fo::a:static::b', ['a', 'b']],
  ['fo::*:static::*', 'fo::a:static', undefined],
  ['*-*', 'a-b-c', ['a', 'b-c']],
  ['a*a', 'a', undefined],
  ['a*b*b', 'ab', undefined],
  ['gpt.4', 'gpt-4', undefined],
  ['*.llama3*', 'meta.llama3-70b', ['meta', '-70b']],
])('%s on %s gives %j', (pattern, text, captured) => {
  expect(wildcard(pattern).match(text)).toEqual(captured);
});

it.each<[string, readonly string[], string]>([
  ['*', ['gpt-4o'], 'gpt-4o'],
  ['eu-*', ['gpt-4o'], 'eu-gpt-4o'],
  ['fo::*::*', ['a', 'b'], 'fo::a::b'],
  ['bedrock.llama3*', ['hello', '-70b'], 'bedrock.llama3-70b'],
  ['*', [], '*'],
  ['*-*', ['x'], '*-x'],
])('fills %s with %j: %s', (template, captured, expected) => {
  expect(fill(template, captured)).toBe(expected);
});

it('matches whatever was filled in, and gives back a text that fills to the same', () => {
  const part = fc.stringMatching(/^[a-c]{0,3}$/);
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 2, maxLength: 5 }),
      fc.array(part, { minLength: 4, maxLength: 4 }),
      (literals, given) => {
        const pattern = literals.join('*');
        const text = fill(pattern, given.slice(0, literals.length - 1));
        const captured = wildcard(pattern).match(text);
        expect(captured).toBeDefined();
        expect(fill(pattern, captured ?? [])).toBe(text);
      },
    ),
  );
});

it('orders patterns by what they say', () => {
  expect(['*', 'azure/*', 'azure/gpt-*', 'azure/gpt-4o', '*/gpt-*'].sort(bySpecificity)).toEqual([
    'azure/gpt-4o',
    'azure/gpt-*',
    'azure/*',
    '*/gpt-*',
    '*',
  ]);
});

it('takes no longer for a name made to make it slow', () => {
  const pattern = wildcard(`${'*a'.repeat(30)}b`);
  expect(pattern.match('a'.repeat(100_000))).toBeUndefined();
});

it.each<[string, string | undefined, string | undefined]>([
  ['gpt-4', 'gpt-4-group', 'gpt-4-group'],
  ['old', 'gpt-4-group', 'gpt-4-group'],
  ['gpt-4-group', 'gpt-4-group', 'gpt-4-group'],
  ['azure/gpt-4o', 'azure/gpt-*', 'azure/gpt-4o'],
  ['azure/o3', 'azure/*', 'azure/o3'],
  ['far', 'azure/gpt-*', 'azure/gpt-9'],
  ['else', undefined, undefined],
  ['circle', undefined, undefined],
])('%s leads to group %s, asked for as %s', (model, group, asked) => {
  const resolve = groupNames(
    ['azure/*', 'gpt-4-group', 'azure/gpt-*'],
    new Map([
      ['gpt-4', 'gpt-4-group'],
      ['old', 'gpt-4'],
      ['far', 'azure/gpt-9'],
      ['circle', 'circle'],
    ]),
  );
  const named = resolve(model);
  expect([named?.group, named?.model]).toEqual([group, asked]);
});
