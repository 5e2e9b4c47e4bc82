import { describe, expect, it } from 'vitest';
import type { Credentials } from '../../src/core/credentials.ts';
import { ConfigError } from '../../src/core/errors/config-error.ts';
import { staticVault } from '../../src/vault/static.ts';
import { directory } from './provider-directory.ts';
import { canary, expectNoCanary, failure } from './secrets.ts';

const vaultOf = (virtualKeys: unknown) => staticVault(virtualKeys as Parameters<typeof staticVault>[0], directory);
const issuesOf = async (virtualKeys: unknown) => {
  const error = await failure(() => vaultOf(virtualKeys));
  expect(error).toBeInstanceOf(ConfigError);
  expectNoCanary(error);
  return (error as ConfigError).issues.map((issue) => [issue.path, issue.message]);
};
const facts = (credentials: unknown) => {
  const { provider, apiKey, settings } = credentials as Credentials;
  return { provider, apiKey, settings };
};

describe('a static vault', () => {
  it.each([
    ['snake_case', { provider: 'openai', api_key: 'k1' }, { provider: 'openai', apiKey: 'k1', settings: {} }],
    ['camelCase', { provider: 'openai', apiKey: 'k1' }, { provider: 'openai', apiKey: 'k1', settings: {} }],
    [
      'provider fields with the prefix of their provider',
      { provider: 'azure-openai', api_key: 'k1', azure_resource_name: 'eu', api_version: '2024-10-21' },
      { provider: 'azure-openai', apiKey: 'k1', settings: { resourceName: 'eu', apiVersion: '2024-10-21' } },
    ],
    [
      'an alias of a provider',
      { provider: 'azure', api_key: 'k1', resourceName: 'eu' },
      { provider: 'azure-openai', apiKey: 'k1', settings: { resourceName: 'eu' } },
    ],
    [
      'credentials without a key of their own',
      { provider: 'bedrock', aws_access_key_id: 'a', aws_secret_access_key: 's', aws_region: 'eu-west-1' },
      {
        provider: 'bedrock',
        apiKey: undefined,
        settings: { accessKeyId: 'a', secretAccessKey: 's', region: 'eu-west-1' },
      },
    ],
    [
      'fields under settings',
      { provider: 'azure-openai', apiKey: 'k1', settings: { resourceName: 'eu' } },
      { provider: 'azure-openai', apiKey: 'k1', settings: { resourceName: 'eu' } },
    ],
    ['a provider that needs no key', { provider: 'ollama' }, { provider: 'ollama', apiKey: undefined, settings: {} }],
    [
      'one spelling undefined, the other given',
      { provider: 'openai', api_key: undefined, apiKey: 'k1' },
      { provider: 'openai', apiKey: 'k1', settings: {} },
    ],
  ])('reads %s', (_, input, expected) => {
    expect(facts(vaultOf({ 'a-key': input }).get('a-key'))).toEqual(expected);
  });

  it('knows its slugs and nothing else, not even names every object has', () => {
    const vault = vaultOf({ 'openai-prod': { provider: 'openai', api_key: 'k1' }, b: { provider: 'ollama' } });
    expect(vault.slugs?.()).toEqual(['openai-prod', 'b']);
    expect([vault.get('other'), vault.get('constructor'), vault.get('__proto__')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('gives the same credentials object every time', () => {
    const vault = vaultOf({ a: { provider: 'openai', api_key: 'k1' } });
    expect(vault.get('a')).toBe(vault.get('a'));
  });

  it('shows no secret when printed', () => {
    const vault = vaultOf({ a: { provider: 'openai', api_key: canary, secret_access_key: canary } });
    expectNoCanary(vault);
    expectNoCanary({ found: vault.get('a') });
    expect(facts(vault.get('a')).apiKey).toBe(canary);
  });
});

describe('a static vault refuses', () => {
  it.each([
    ['both spellings of the key', { provider: 'openai', api_key: canary, apiKey: canary }, 'api_key', /Keep one/],
    ['an empty key', { provider: 'openai', api_key: '' }, 'api_key', /is empty/],
    ['a key that is no string', { provider: 'openai', api_key: 5 }, 'api_key', /must be a string/],
    ['a null key', { provider: 'openai', apiKey: null }, 'apiKey', /must be a string/],
    ['a key from an unset variable', { provider: 'openai', api_key: undefined }, 'api_key', /environment variable/],
    ['a key with a line break', { provider: 'openai', api_key: `${canary}\n` }, 'api_key', /white space/],
    ['a key no header can carry', { provider: 'openai', api_key: `“${canary}”` }, 'api_key', /HTTP header/],
    ['no key', { provider: 'openai' }, 'api_key', /is missing/],
    ['a misspelt provider', { provider: 'opnai', api_key: canary }, 'provider', /"opnai"\. Did you mean "openai"\?/],
    ['a retired provider', { provider: 'anyscale', api_key: canary }, 'provider', /was shut down/],
    ['no provider', { api_key: canary }, 'provider', /must be the name of a provider/],
    ['an empty provider', { provider: '', api_key: canary }, 'provider', /is empty/],
    [
      'a secret in the place of the provider',
      { provider: canary, api_key: 'openai' },
      'provider',
      /names no known provider$/,
    ],
    ['a misspelt field provider', { providr: 'openai', api_key: canary }, 'providr', /Did you mean "provider"\?/],
    ['a misspelt field api_key', { provider: 'openai', apikey: canary }, 'apikey', /Did you mean "api_key"\?/],
    ['a key called key', { provider: 'openai', key: canary }, 'key', /Did you mean "api_key"\?/],
    [
      "a key with the provider's prefix",
      { provider: 'openai', openai_api_key: canary },
      'openai_api_key',
      /Did you mean/,
    ],
    [
      'two spellings of a field',
      { provider: 'azure-openai', api_key: canary, resource_name: 'a', azure_resource_name: 'b' },
      'azure_resource_name',
      /"resource_name" and "azure_resource_name" say the same/,
    ],
    [
      'fields in two places',
      { provider: 'azure-openai', api_key: canary, region: 'eu', settings: { resourceName: 'a' } },
      'region',
      /beside "settings"/,
    ],
    [
      'settings that are no object',
      { provider: 'openai', api_key: canary, settings: canary },
      'settings',
      /must be an object/,
    ],
  ])('%s', async (_, input, field, message) => {
    expect(await issuesOf({ 'openai-prod': input })).toEqual([
      [`virtualKeys["openai-prod"].${field}`, expect.stringMatching(message)],
    ]);
  });

  it.each([
    ['a string', canary, 'Write { provider: "openai", api_key: "…" }'],
    ['null', null, 'must be an object such as { provider: "openai", api_key: "…" }'],
    ['a list', [canary], 'must be an object such as { provider: "openai", api_key: "…" }'],
  ])('%s in place of the fields', async (_, input, message) => {
    expect(await issuesOf({ x: input })).toEqual([['virtualKeys["x"]', expect.stringContaining(message)]]);
  });

  it('a string, and names the provider that the slug begins with', async () => {
    expect(await issuesOf({ 'azure-openai-eu': canary })).toEqual([
      ['virtualKeys["azure-openai-eu"]', expect.stringContaining('{ provider: "azure-openai", api_key: "…" }')],
    ]);
  });

  it('a slug that cannot be asked for', async () => {
    const key = { provider: 'openai', api_key: canary };
    expect(await issuesOf({ '@a': key, 'b/c': key })).toEqual([
      ['virtualKeys["@a"]', expect.stringMatching(/^The slug begins with "@"/)],
      ['virtualKeys["b/c"]', expect.stringMatching(/^The slug contains "\/"/)],
    ]);
  });

  it('a map that is none', async () => {
    expect(await issuesOf([canary])).toEqual([['virtualKeys', expect.stringContaining('must be an object of slugs')]]);
  });

  it('everything wrong at once, in one error', async () => {
    const error = await failure(() =>
      vaultOf({ a: { provider: 'opnai', api_key: '' }, b: canary, c: { provider: 'openai', api_key: 'fine' } }),
    );
    expect(error.message).toBe(
      [
        'Invalid virtual keys:',
        '  virtualKeys["a"].api_key: is empty',
        '  virtualKeys["a"].provider: names no known provider: "opnai". Did you mean "openai"?',
        '  virtualKeys["b"]: is a string, which does not say whose key it is. Write { provider: "openai", api_key: "…" }',
      ].join('\n'),
    );
  });
});
