import { expect, it } from 'vitest';
import { VirtualKeyError } from '../../src/core/errors/vault-errors.ts';
import { type Environment, envVault } from '../../src/vault/env.ts';
import { directory } from './provider-directory.ts';
import { canary, expectNoCanary, failure } from './secrets.ts';

const factsOf = async (env: Environment, slug: string) => {
  const found = await envVault(env, directory).get(slug);
  return found && { provider: found.provider, apiKey: found.apiKey, settings: found.settings };
};

it.each<[string, Environment, string, unknown]>([
  [
    'provider:key',
    { MODELMUX_VIRTUAL_KEY_OPENAI_PROD: 'openai:sk-1:2' },
    'openai-prod',
    { provider: 'openai', apiKey: 'sk-1:2', settings: {} },
  ],
  [
    'JSON',
    { MODELMUX_VIRTUAL_KEY_EU: '{"provider":"azure","api_key":"k","azure_resource_name":"r"}' },
    'eu',
    { provider: 'azure-openai', apiKey: 'k', settings: { resourceName: 'r' } },
  ],
  [
    'a slug with dots',
    { MODELMUX_VIRTUAL_KEY_A_B_1: 'openai:k' },
    'a.b.1',
    { provider: 'openai', apiKey: 'k', settings: {} },
  ],
  [
    "a provider's own variables",
    { OPENAI_API_KEY: 'k', OPENAI_ORGANIZATION: 'org' },
    'openai',
    { provider: 'openai', apiKey: 'k', settings: { organization: 'org' } },
  ],
  [
    'the first variable that is not empty',
    { OPENAI_API_KEY: ' ', OPENAI_KEY: 'k2', OPENAI_ORG_ID: '' },
    'openai',
    { provider: 'openai', apiKey: 'k2', settings: {} },
  ],
  [
    'the own variable before those of the provider',
    { MODELMUX_VIRTUAL_KEY_OPENAI: 'openai:own', OPENAI_API_KEY: 'k' },
    'openai',
    { provider: 'openai', apiKey: 'own', settings: {} },
  ],
  [
    'a provider known by its fields',
    { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'eu-west-1' },
    'bedrock',
    {
      provider: 'bedrock',
      apiKey: undefined,
      settings: { accessKeyId: 'a', secretAccessKey: 's', region: 'eu-west-1' },
    },
  ],
  ['a provider that needs no key', {}, 'ollama', { provider: 'ollama', apiKey: undefined, settings: {} }],
  ['nothing set', {}, 'openai', undefined],
  ['an unknown slug', { OPENAI_API_KEY: 'k' }, 'other', undefined],
  ['an empty variable', { MODELMUX_VIRTUAL_KEY_X: '' }, 'x', undefined],
  ['a slug that is none', { MODELMUX_VIRTUAL_KEY_A_B: 'openai:k' }, 'a/b', undefined],
])('finds %s', async (_, env, slug, expected) => {
  expect(await factsOf(env, slug)).toEqual(expected);
});

it.each<[string, Environment, string, RegExp]>([
  ['a bare key', { MODELMUX_VIRTUAL_KEY_X: canary }, 'x', /MODELMUX_VIRTUAL_KEY_X does not say whose key it is/],
  ['a key with a colon', { MODELMUX_VIRTUAL_KEY_X: `${canary}:${canary}` }, 'x', /does not say whose/],
  ['a misspelt provider', { MODELMUX_VIRTUAL_KEY_X: `opnai:${canary}` }, 'x', /Did you mean "openai:…"\?/],
  ['broken JSON', { MODELMUX_VIRTUAL_KEY_X: `{"api_key": "${canary}` }, 'x', /not valid JSON/],
  [
    'JSON without a provider',
    { MODELMUX_VIRTUAL_KEY_X: `{"api_key":"${canary}"}` },
    'x',
    /_X\.provider must be the name/,
  ],
  ['an empty key', { MODELMUX_VIRTUAL_KEY_X: 'openai:' }, 'x', /_X\.api_key is empty/],
  ['a key no header can carry', { OPENAI_API_KEY: `${canary}\u201d` }, 'openai', /openai\.api_key .*HTTP header/],
  ['a retired provider', { ANYSCALE_API_KEY: canary }, 'anyscale', /was shut down/],
])('rejects %s, without showing it', async (_, env, slug, message) => {
  const vault = envVault(env, directory);
  const answer = vault.get(slug);
  expect(answer).toBeInstanceOf(Promise);
  const error = await failure(() => answer);
  expect(error).toBeInstanceOf(VirtualKeyError);
  expect(error.message).toMatch(message);
  expectNoCanary(error);
  expectNoCanary(vault);
});

it('sees a changed variable, and keeps the credentials object while nothing changes', async () => {
  const env: Record<string, string | undefined> = { OPENAI_API_KEY: 'k1' };
  const vault = envVault(env, directory);
  const first = await vault.get('openai');
  expect(await vault.get('openai')).toBe(first);
  env['OPENAI_API_KEY'] = 'k2';
  expect((await vault.get('openai'))?.apiKey).toBe('k2');
});

it('lists the slugs that have a variable of their own', () => {
  const env = {
    MODELMUX_VIRTUAL_KEY_OPENAI_PROD: 'openai:k',
    OPENAI_API_KEY: 'k',
    MODELMUX_VIRTUAL_KEY_OLD: undefined,
  };
  expect(envVault(env, directory).slugs?.()).toEqual(['openai-prod']);
});
