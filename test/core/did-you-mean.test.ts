import fc from 'fast-check';
import { expect, it } from 'vitest';
import { closest, didYouMean } from '../../src/core/did-you-mean.ts';

const candidates = ['openai', 'azure-openai', 'anthropic', 'xai', 'api_key', 'provider'];

it.each([
  ['opnai', 'openai'],
  ['OpenAI', 'openai'],
  ['oepnai', 'openai'],
  ['azure_openai', 'azure-openai'],
  ['anthropc', 'anthropic'],
  ['apikey', 'api_key'],
  ['aip_key', 'api_key'],
  ['xia', 'xai'],
  ['providre', 'provider'],
  ['mistral', undefined],
  ['', undefined],
  ['x', undefined],
])('%s is near %s', (word, expected) => {
  expect(closest(word, candidates)).toBe(expected);
});

it('makes a sentence to append, or nothing', () => {
  expect(didYouMean('opnai', candidates)).toBe(' Did you mean "openai"?');
  expect(didYouMean('nothing-like-it', candidates)).toBe('');
  expect(didYouMean('openai', candidates)).toBe('');
});

it('finds a word that lost any one of its letters, and one with any two neighbours swapped', () => {
  fc.assert(
    fc.property(fc.nat(7), (at) => {
      const word = 'provider';
      const shorter = word.slice(0, at) + word.slice(at + 1);
      const swapped = word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2);
      expect([closest(shorter, candidates), closest(swapped, candidates)]).toEqual(['provider', 'provider']);
    }),
  );
});
