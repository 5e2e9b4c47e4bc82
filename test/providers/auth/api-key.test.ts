import { expect, it } from 'vitest';
import { Credentials } from '../../../src/core/credentials.ts';
import type { AuthScope } from '../../../src/core/provider.ts';
import { bearer, headerKey } from '../../../src/providers/auth/api-key.ts';

const facts = { title: 'Acme', env: ['ACME_KEY', 'ACME_TOKEN'] };
const request = { method: 'POST', url: 'https://h', headers: { a: 'b' } };
const scope: AuthScope = {
  transport: { send: () => Promise.reject(new Error('no network here')) },
  now: () => 0,
  signal: new AbortController().signal,
};
const keyed = (apiKey?: string) => new Credentials({ provider: 'acme', apiKey });

it.each([
  ['a bearer token', bearer(facts), { a: 'b', authorization: 'Bearer k1' }],
  ['a header of its own', headerKey('x-api-key', facts), { a: 'b', 'x-api-key': 'k1' }],
])('sends the trimmed key as %s', (_what, authenticate, headers) => {
  expect(authenticate(request, keyed(' k1\n'), scope)).toEqual({ ...request, headers });
  expect(request.headers).toEqual({ a: 'b' });
});

it.each([undefined, '', '  '])('a missing key (%j) is a 401 with the remedies', (apiKey) => {
  expect(() => bearer(facts)(request, keyed(apiKey), scope)).toThrow(
    expect.objectContaining({
      name: 'AuthenticationError',
      status: 401,
      kind: 'auth',
      type: 'missing_api_key',
      message:
        '401 Acme needs an API key. Give the target api_key or virtual_key, or set the environment variable ACME_KEY or ACME_TOKEN.',
    }),
  );
});

it('sends nothing for a host that needs no key', () => {
  expect(bearer({ ...facts, needsKey: false })(request, keyed(), scope)).toBe(request);
});

it('lets a forwarded header stand in for the key', () => {
  const forwarded = { ...request, headers: { authorization: 'Bearer theirs' } };
  expect(bearer(facts)(forwarded, keyed(), scope)).toBe(forwarded);
  expect(bearer(facts)(forwarded, keyed('k1'), scope)).toMatchObject({ headers: { authorization: 'Bearer k1' } });
});

it.each(['s3cret\nx: y', 's3cret\u0000', 's3c\u2028ret', 's3crét'])('refuses %j without printing it', (apiKey) => {
  expect(() => bearer(facts)(request, keyed(apiKey), scope)).toThrow(
    expect.objectContaining({
      status: 401,
      kind: 'auth',
      type: 'invalid_api_key',
      message: expect.not.stringContaining('s3c'),
    }),
  );
});
