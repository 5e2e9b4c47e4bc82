import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Portkey } from 'modelmux';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { providerDirectory } from '../../src/config/vaults.ts';
import { ConfigError, InvalidRequestError, NotFoundError } from '../../src/index.ts';
import { openVaultFile } from '../../src/vault/file.ts';
import { errorOf, hello, simulated } from '../support/simulated.ts';
import { recordingServer } from './recording-server.ts';

const simulator = simulated();
const passphrase = 'correct horse';
const canary = 'sk-canary-of-the-vault-1234';
let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-keys-admin-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A client over a new vault file with one key in it. */
async function client(): Promise<Portkey> {
  const file = join(folder, `keys-${++files}.vault`);
  const cost = { log2N: 4, r: 1, p: 1 };
  const vault = await openVaultFile({ path: file, passphrase, create: true, providers: providerDirectory, cost });
  await vault.add('first', { provider: 'openai', api_key: 'key-of-first' });
  return simulator.client(undefined, { vault: { file, passphrase } });
}

it('makes a virtual key that the next call can use, and shows it to nobody again', async () => {
  const portkey = await client();
  const custom_host = simulator.baseUrl('openai');
  const created = await portkey.virtualKeys.create({
    name: 'OpenAI Prod',
    provider: 'openai',
    key: canary,
    custom_host,
  });
  expect(created).toEqual({ id: 'openai-prod', slug: 'openai-prod', object: 'virtual-key' });
  await portkey.chat.completions.create(hello, { virtualKey: 'openai-prod' });
  expect(simulator.requests('openai').map(({ key }) => key)).toEqual([canary]);
  const { data, total } = await portkey.virtualKeys.list();
  expect(total).toBe(2);
  expect(data[1]).toEqual({
    slug: 'openai-prod',
    name: 'OpenAI Prod',
    ai_provider_name: 'openai',
    masked_api_key: '…1234',
    fields: ['customHost'],
    usage_limits: null,
    rate_limits: [],
    expires_at: null,
    note: null,
    status: 'active',
    created_at: expect.stringMatching(/^\d{4}-/),
    last_rotated_at: null,
    object: 'virtual-key',
  });
  expect(JSON.stringify([data, await portkey.virtualKeys.retrieve({ slug: 'openai-prod' })])).not.toContain(canary);
});

it('takes a new key in place of the old one, and forgets a virtual key', async () => {
  const portkey = await client();
  await portkey.virtualKeys.update({ slug: 'first', key: 'another-key-5678' });
  expect(await portkey.virtualKeys.retrieve({ slug: 'first' })).toMatchObject({
    masked_api_key: '…5678',
    last_rotated_at: expect.stringMatching(/^\d{4}-/),
  });
  expect(await portkey.virtualKeys.delete({ slug: 'first' })).toMatchObject({ slug: 'first', deleted: true });
  const error = await errorOf(portkey.virtualKeys.retrieve({ slug: 'first' }), NotFoundError);
  expect(error.message).toBe('404 There is no virtual key "first".');
});

it.each<readonly [string, object, new (...given: never[]) => Error, string]>([
  ['no name', { provider: 'openai', key: 'k' }, InvalidRequestError, '"name" is the name of the virtual key.'],
  ['an unknown provider', { name: 'a', provider: 'opnai', key: 'k' }, ConfigError, 'openai'],
  ['no key', { name: 'a', provider: 'openai' }, ConfigError, 'api_key'],
  ['a workspace', { name: 'a', provider: 'openai', key: 'k', workspace_id: 'w' }, InvalidRequestError, 'no workspaces'],
])('refuses a virtual key with %s', async (_, body, Class, message) => {
  const error = await errorOf((await client()).virtualKeys.create(body as never), Class);
  expect(error.message).toContain(message);
});

it('says what is known where a slug is not', async () => {
  const portkey = await client();
  await expect(portkey.virtualKeys.update({ slug: 'frist', key: 'k' })).rejects.toThrow('Did you mean "first"?');
});

it('changes neither the provider nor its fields', async () => {
  const portkey = await client();
  await expect(portkey.virtualKeys.update({ slug: 'first', key: 'k', provider: 'x' } as never)).rejects.toThrow(
    'Only "key", "name", "note", "usage_limits", "rate_limits", "expires_at" can be changed.',
  );
});

it('says so where the virtual keys are only looked up', async () => {
  const portkey = simulator.client(undefined, { virtualKeys: { a: { provider: 'openai', api_key: 'k' } } });
  await expect(portkey.virtualKeys.list()).rejects.toThrow('The virtual keys of this client are only looked up.');
});

it('asks the gateway of a client that has one', async () => {
  await using server = await recordingServer(() => ({ json: { slug: 'a' } }));
  const { virtualKeys } = new Portkey({ baseURL: server.url, apiKey: 'pk' });
  await virtualKeys.create({ name: 'A', provider: 'openai', key: 'k', usage_limits: { credit_limit: 1 } });
  await virtualKeys.list();
  await virtualKeys.retrieve({ slug: 'a b' });
  await virtualKeys.update({ slug: 'a', key: 'k2' });
  await virtualKeys.delete({ slug: 'a' });
  expect(server.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/v1/virtual-keys', { name: 'A', provider: 'openai', key: 'k', usage_limits: { credit_limit: 1 } }],
    ['GET', '/v1/virtual-keys', undefined],
    ['GET', '/v1/virtual-keys/a%20b', undefined],
    ['PUT', '/v1/virtual-keys/a', { key: 'k2' }],
    ['DELETE', '/v1/virtual-keys/a', undefined],
  ]);
});
