import { expect, it } from 'vitest';
import { Credentials } from '../../src/core/credentials.ts';
import type { Vault } from '../../src/core/vault.ts';
import { chainVaults } from '../../src/vault/chain.ts';

const key = (apiKey: string) => new Credentials({ provider: 'openai', apiKey });
const now = (keys: Record<string, Credentials>): Vault => ({
  get: (slug) => keys[slug],
  slugs: () => Object.keys(keys),
});
const later = (keys: Record<string, Credentials>): Vault => ({ get: async (slug) => keys[slug] });

it.each([
  ['the first', [now({ a: key('1') }), now({ a: key('2') })], '1'],
  ['the second when the first does not know', [now({}), now({ a: key('2') })], '2'],
  ['a late first', [later({ a: key('1') }), now({ a: key('2') })], '1'],
  ['the third behind two late ones', [later({}), later({}), now({ a: key('3') })], '3'],
  ['nobody', [later({}), now({})], undefined],
  ['nobody in an empty chain', [], undefined],
])('answers with %s', async (_, vaults, expected) => {
  expect((await chainVaults(vaults).get('a'))?.apiKey).toBe(expected);
});

it('answers at once while the vaults asked do', () => {
  const known = key('1');
  expect(chainVaults([now({}), now({ a: known }), later({})]).get('a')).toBe(known);
});

it('fails when a lookup fails, rather than take the key of a later vault', async () => {
  const broken: Vault = { get: () => Promise.reject(new Error('vault is down')) };
  await expect(chainVaults([broken, now({ a: key('2') })]).get('a')).rejects.toThrow('vault is down');
  expect((await chainVaults([now({ a: key('1') }), broken]).get('a'))?.apiKey).toBe('1');
});

it('lists each slug once, and skips vaults that cannot list', () => {
  expect(chainVaults([now({ a: key('1'), b: key('2') }), later({}), now({ b: key('3') })]).slugs?.()).toEqual([
    'a',
    'b',
  ]);
});
