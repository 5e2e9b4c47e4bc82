import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkConfigId, configIdProblem } from '../../../src/config/by-id/config-id.ts';
import { ConfigNotFoundError } from '../../../src/core/errors/config-error.ts';

it.each([
  ['pc-main-1a2b', undefined],
  ['cf-x.y_z:1', undefined],
  ['größe', undefined],
  ['..a', undefined],
  ['%2e%2e', undefined],
  ['a'.repeat(200), undefined],
  ['a'.repeat(201), 'has 201 characters, more than 200'],
  ['', 'is empty'],
  ['.', 'names a folder'],
  ['..', 'names a folder'],
  ['../secret', 'contains a path separator'],
  ['a/b', 'contains a path separator'],
  ['a\\b', 'contains a path separator'],
  ['a\u0000', 'contains control characters'],
  ['a\nb', 'contains control characters'],
  ['a\u200bb', 'contains control characters'],
  ['\ud800', 'contains control characters'],
  [5 as unknown as string, 'is not a string'],
])('%j %s', (id, problem) => {
  expect(configIdProblem(id)).toBe(problem);
});

it('refuses with an error that is safe to print', () => {
  expect(() => checkConfigId('pc-main')).not.toThrow();
  const refuse = () => checkConfigId(`\u001b[31m/${'x'.repeat(300)}`);
  expect(refuse).toThrow(ConfigNotFoundError);
  expect(refuse).toThrow(
    `Config "?[31m/${'x'.repeat(54)}…" cannot be a config's ID: it has 306 characters, more than 200.`,
  );
});

it('lets no ID reach beyond one segment of an address', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (id) => {
      fc.pre(configIdProblem(id) === undefined);
      const url = new URL(`https://host/v1/configs/${encodeURIComponent(id)}`);
      expect(url.pathname.split('/').slice(0, 3)).toEqual(['', 'v1', 'configs']);
      expect([decodeURIComponent(url.pathname.split('/')[3] ?? ''), url.search, url.hash]).toEqual([id, '', '']);
    }),
  );
});
