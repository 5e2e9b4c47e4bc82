import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { providerDirectory } from '../../src/config/vaults.ts';
import { Portkey, type PortkeyOptions, VirtualKeyError } from '../../src/index.ts';
import { openVaultFile } from '../../src/vault/file.ts';
import { errorOf, fallback, hello, simulated } from '../support/simulated.ts';

const simulator = simulated();

function fields(provider: string, more: object = {}) {
  return { provider, api_key: `vk-${provider}`, custom_host: simulator.baseUrl(provider), ...more };
}

/** Provider, key and model of every request so far. */
function received(): readonly string[] {
  return simulator.requests().map(({ provider, key, model }) => `${provider} ${key} ${model}`);
}

const ways: readonly (readonly [string, PortkeyOptions, object, object])[] = [
  ['virtual_key of a target', { config: { virtual_key: 'openai-prod' } }, {}, {}],
  ['virtualKey of the client', { virtualKey: 'openai-prod' }, {}, {}],
  ['virtual_key of the client', { virtual_key: 'openai-prod' }, {}, {}],
  ['virtualKey of the call', {}, {}, { virtualKey: 'openai-prod' }],
  ['@slug as provider of a target', { config: { provider: '@openai-prod' } }, {}, {}],
  ['@slug as provider of the client', { provider: '@openai-prod' }, {}, {}],
  ['@slug as provider of the call', {}, {}, { provider: '@openai-prod' }],
  ['@slug/model of the request', {}, { model: '@openai-prod/gpt-4o' }, {}],
  ['@slug/model in override_params', { config: { override_params: { model: '@openai-prod/gpt-4o' } } }, {}, {}],
];

it.each(ways)('uses a virtual key given as %s', async (...[, options, body, params]) => {
  const portkey = new Portkey({ environment: {}, virtualKeys: { 'openai-prod': fields('openai') }, ...options });
  await portkey.chat.completions.create({ ...hello, ...body }, params);
  expect(received()).toEqual(['openai vk-openai gpt-4o']);
  expect(simulator.bodies('openai')[0]?.model).toBe('gpt-4o');
});

it('asks a resolver once for fifty calls at a time', async () => {
  const slugs: string[] = [];
  const vault = async (slug: string) => {
    slugs.push(slug);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return slug === 'openai-prod' ? fields('openai') : undefined;
  };
  const portkey = simulator.client({ virtual_key: 'openai-prod' }, { vault });
  await Promise.all(Array.from({ length: 50 }, () => portkey.chat.completions.create(hello)));
  expect([slugs, simulator.requests('openai').length]).toEqual([['openai-prod'], 50]);
});

it('finds virtual keys in the environment, and providers’ own keys', async () => {
  const environment = {
    MODELMUX_VIRTUAL_KEY_OPENAI_PROD: JSON.stringify(fields('openai')),
    OPENAI_API_KEY: 'from-environment',
  };
  const portkey = simulator.client({ virtual_key: 'openai-prod' }, { environment });
  await portkey.chat.completions.create(hello);
  const inline = { provider: 'openai', custom_host: simulator.baseUrl('openai') };
  await portkey.chat.completions.create(hello, { config: inline });
  await portkey.chat.completions.create(hello, { config: { ...inline, api_key: 'own' } });
  expect(received()).toEqual(['openai vk-openai gpt-4o', 'openai from-environment gpt-4o', 'openai own gpt-4o']);
});

it('finds virtual keys in an encrypted file, and follows a rotation', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelmux-vault-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'keys.vault');
  const cost = { log2N: 4, r: 1, p: 1 };
  const file = await openVaultFile({
    path,
    passphrase: 'p',
    cost,
    create: true,
    providers: providerDirectory,
  } as never);
  await file.add('openai-prod', fields('openai'));
  const portkey = simulator.client({ virtual_key: 'openai-prod' }, { vault: { file: path, passphrase: 'p' } });
  await portkey.chat.completions.create(hello);
  expect(received()).toEqual(['openai vk-openai gpt-4o']);
  const error = await errorOf(
    simulator
      .client({ virtual_key: 'openai-prod' }, { vault: { file: path, passphrase: 'wrong' } })
      .chat.completions.create(hello),
    Error,
  );
  expect(error.message).toContain(path);
});

it('takes the provider’s fields from the virtual key, the target’s own over them', async () => {
  const virtualKeys = {
    azure: fields('azure-openai', { resource_name: 'r', deployment_id: 'd-1', api_version: '2024-02-01' }),
  };
  const portkey = simulator.client({ virtual_key: 'azure' }, { virtualKeys });
  await portkey.chat.completions.create(hello);
  await portkey.chat.completions.create(hello, { config: { virtual_key: 'azure', deployment_id: 'd-2' } });
  expect(simulator.requests('azure-openai').map((request) => request.path)).toEqual([
    '/openai/deployments/d-1/chat/completions?api-version=2024-02-01',
    '/openai/deployments/d-2/chat/completions?api-version=2024-02-01',
  ]);
});

it('takes a model that begins with @ for a plain name where the target has a key of its own', async () => {
  const config = simulator.target('openai');
  const model = '@cf/meta/llama-3-8b-instruct';
  await simulator.client(config).chat.completions.create({ ...hello, model });
  await simulator
    .client(config, { virtualKeys: { cf: fields('other', { provider: 'groq' }) } })
    .chat.completions.create({ ...hello, model });
  expect(simulator.bodies('openai').map((body) => body.model)).toEqual([model]);
  expect(simulator.bodies('other').map((body) => body.model)).toEqual(['meta/llama-3-8b-instruct']);
});

it('fails like a target for an unknown slug, naming the nearest: a fallback goes on', async () => {
  const virtualKeys = { 'openai-prod': fields('openai') };
  const config = { virtual_key: 'opnai-prod' };
  const error = await errorOf(
    simulator.client(config, { virtualKeys }).chat.completions.create(hello),
    VirtualKeyError,
  );
  expect(error.message).toBe('401 Unknown virtual key "opnai-prod". Did you mean "openai-prod"?');
  await simulator
    .client(fallback([config, { virtual_key: 'openai-prod' }]), { virtualKeys })
    .chat.completions.create(hello);
  expect(received()).toEqual(['openai vk-openai gpt-4o']);
});

it('says by which variable the environment could name an unknown key', async () => {
  const client = simulator.client({ virtual_key: 'azure.prod' });
  const error = await errorOf(client.chat.completions.create(hello), VirtualKeyError);
  expect(error.message).toContain('or to the environment as MODELMUX_VIRTUAL_KEY_AZURE_PROD="provider:key".');
});

it.each<[string, object, object, object, string]>([
  ['the target’s over the virtual key’s', { custom_host: 'target' }, { custom_host: 'root' }, {}, 'target'],
  ['the virtual key’s over an inherited one', {}, { custom_host: 'root' }, {}, 'key'],
  ['the virtual key’s over the call’s', {}, {}, { customHost: 'call' }, 'key'],
])('sends a key to one address: %s', async (...[, target, root, params, expected]) => {
  const address = (given: object) =>
    Object.fromEntries(Object.entries(given).map(([key, name]) => [key, simulator.baseUrl(String(name))]));
  const virtualKeys = { vk: fields('key', { provider: 'openai' }) };
  const config = fallback([{ virtual_key: 'vk', ...address(target) }], {}, address(root));
  await simulator.client(config, { virtualKeys }).chat.completions.create(hello, address(params));
  expect(simulator.called()).toEqual([expected]);
});

it.each<[string, () => never]>([
  [
    'throws',
    () => {
      throw new Error('canary');
    },
  ],
  ['rejects', (() => Promise.reject(new Error('canary'))) as () => never],
])('takes a vault of the user’s that %s for a failed lookup, and does not quote it', async (_, get) => {
  const portkey = simulator.client({ virtual_key: 'openai-prod' }, { vault: { get } });
  const error = await errorOf(portkey.chat.completions.create(hello), VirtualKeyError);
  expect(error.message).toBe('401 Virtual key "openai-prod": the vault failed: Error.');
});
