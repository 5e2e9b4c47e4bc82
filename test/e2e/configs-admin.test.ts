import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Portkey } from 'modelmux';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, ConfigNotFoundError, InvalidRequestError, memoryLogs } from '../../src/index.ts';
import { memoryDocuments } from '../../src/stores/documents/memory-documents.ts';
import { errorOf, fallback, hello, simulated } from '../support/simulated.ts';
import { recordingServer } from './recording-server.ts';

const simulator = simulated();
const root = mkdtempSync(join(tmpdir(), 'modelmux-configs-admin-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const openai = (more: Record<string, unknown> = {}) => simulator.target('openai', more);
const who = async (portkey: Portkey, config: string) => {
  const reply = await portkey.chat.completions.create(hello, { config });
  return reply.getHeaders().provider;
};

describe.each([
  ['in memory', () => undefined],
  ['in a folder', () => ({ folder: mkdtempSync(join(root, 'c-')) })],
])('configs %s', (_, configs) => {
  const client = () => simulator.client(undefined, { configs: configs() });

  it("are made, used, changed and removed, with Portkey's payloads", async () => {
    const portkey = client();
    const created = await portkey.configs.create({ name: 'Production ü 1', config: openai() });
    expect(created).toEqual({
      id: created.slug,
      slug: expect.stringMatching(/^pc-production-u-1-[\da-f]{6}$/),
      version_id: expect.any(String),
      object: 'config',
    });
    const { slug } = created;
    expect(await who(portkey, slug)).toBe('openai');

    const updated = await portkey.configs.update({ slug, config: simulator.target('anthropic'), name: 'Production' });
    expect(updated).toEqual({ version_id: expect.any(String), object: 'config' });
    expect(updated.version_id).not.toBe(created.version_id);
    expect(await who(portkey, slug)).toBe('anthropic');

    expect(await portkey.configs.retrieve({ slug })).toEqual({
      id: slug,
      slug,
      name: 'Production',
      is_default: 0,
      status: 'active',
      config: JSON.stringify(simulator.target('anthropic')),
      format: 'json',
      type: 'ORG_CONFIG',
      version: 2,
      version_id: updated.version_id,
      created_at: expect.stringMatching(/^\d{4}-/),
      last_updated_at: expect.stringMatching(/^\d{4}-/),
      object: 'config',
    });
    expect(await portkey.configs.list()).toMatchObject({ object: 'list', total: 1, data: [{ slug, version: 2 }] });

    expect(await portkey.configs.delete({ slug })).toEqual({ slug, deleted: true, object: 'config' });
    await expect(who(portkey, slug)).rejects.toThrow(ConfigNotFoundError);
    await expect(portkey.configs.retrieve({ slug })).rejects.toThrow(`Config "${slug}" does not exist.`);
  });

  it('keep their versions, which can be compared and restored', async () => {
    const portkey = client();
    const config = fallback([openai({ weight: 1 }), simulator.target('anthropic')]);
    const { slug } = await portkey.configs.create({ name: 'A', config, slug: 'pc-a' });
    const changed = fallback([openai({ weight: 3 })], { on_status_codes: [429] });
    await portkey.configs.update({ slug, config: changed });
    const { data } = await portkey.configs.versions({ slug });
    expect(data.map(({ version, is_latest }) => [version, is_latest])).toEqual([
      [2, true],
      [1, false],
    ]);
    expect((await portkey.configs.diff({ slug, from: 1 })).data).toEqual([
      { path: '$.strategy.on_status_codes', after: [429] },
      { path: '$.targets[0].weight', before: 1, after: 3 },
      { path: '$.targets[1]', before: simulator.target('anthropic') },
    ]);
    await portkey.configs.restore({ slug, version: 1 });
    expect(JSON.parse((await portkey.configs.retrieve({ slug })).config)).toEqual(config);
    expect((await portkey.configs.diff({ slug, from: 1, to: 3 })).data).toEqual([]);
    await expect(portkey.configs.restore({ slug, version: 9 })).rejects.toThrow('has no version 9. It has 1 to 3.');
  });

  it('never change into what cannot work', async () => {
    const portkey = client();
    const { slug } = await portkey.configs.create({ name: 'A', config: openai() });
    const broken = { strategy: { mode: 'fallbac' }, targets: [openai()] };
    const error = await errorOf(portkey.configs.update({ slug, config: broken }), ConfigError);
    expect(error.message).toContain('strategy.mode');
    await expect(portkey.configs.create({ name: 'B', config: '{"provider": ' })).rejects.toThrow(ConfigError);
    expect(await who(portkey, slug)).toBe('openai');
    expect((await portkey.configs.list()).total).toBe(1);
  });

  it('never change or go so that one which refers to them cannot work', async () => {
    const portkey = client();
    await portkey.configs.create({ name: 'Pool', slug: 'pc-pool', config: openai() });
    await portkey.configs.create({ name: 'Main', slug: 'pc-main', config: fallback([{ ref: 'pc-pool' }]) });
    await portkey.configs.create({ name: 'Top', slug: 'pc-top', config: fallback([{ ref: 'pc-main' }]) });
    await expect(portkey.configs.delete({ slug: 'pc-pool' })).rejects.toThrow('"pc-main", "pc-top" refers to it.');
    await expect(portkey.configs.update({ slug: 'pc-pool', config: fallback([{ ref: 'pc-top' }]) })).rejects.toThrow(
      'in a circle',
    );
    const grouped = { model_groups: { fast: openai() } };
    await expect(portkey.configs.update({ slug: 'pc-pool', config: grouped })).rejects.toThrow('pc-main');
    await portkey.configs.update({ slug: 'pc-pool', config: simulator.target('anthropic') });
    expect(await who(portkey, 'pc-top')).toBe('anthropic');
  });

  it('are in the logs with their ID and version', async () => {
    const portkey = client();
    const { slug, version_id: first } = await portkey.configs.create({ name: 'A', config: openai() });
    await who(portkey, slug);
    const { version_id: second } = await portkey.configs.update({ slug, config: openai({ name: 'n' }) });
    await who(portkey, slug);
    const { data } = await portkey.logs.list({ config: slug });
    expect(data.map(({ configVersion }) => configVersion)).toEqual([second, first]);
  });

  it('finish requests under way on what they began with', async () => {
    simulator.behave('openai', { latencyMs: 50 });
    const portkey = client();
    const { slug } = await portkey.configs.create({ name: 'A', config: openai() });
    const underWay = who(portkey, slug);
    await expect.poll(() => simulator.requests('openai')).toHaveLength(1);
    await portkey.configs.update({ slug, config: simulator.target('anthropic') });
    expect(await who(portkey, slug)).toBe('anthropic');
    expect(await underWay).toBe('openai');
  });

  it.each<readonly [string, object, string]>([
    ['no name', { config: {} }, '"name" is the name of the config.'],
    ['a workspace', { name: 'A', config: {}, workspace_id: 'w' }, 'there are no workspaces'],
    ['to be the default', { name: 'A', config: {}, isDefault: 1 }, '"isDefault" is 0'],
    ['a slug that leads elsewhere', { name: 'A', config: {}, slug: '../a' }, 'A slug has letters, digits'],
    ['a hidden slug', { name: 'A', config: {}, slug: '.a' }, 'A slug has letters, digits'],
    ['a config that is none', { name: 'A', config: [] }, 'A config is an object, or the JSON of one.'],
  ])('are refused with %s', async (_reason, body, message) => {
    await expect(client().configs.create(body as never)).rejects.toThrow(message);
  });

  it('are not made twice under one ID', async () => {
    const portkey = client();
    await portkey.configs.create({ name: 'A', slug: 'pc-a', config: openai() });
    const error = await errorOf(
      portkey.configs.create({ name: 'A', slug: 'pc-a', config: openai() }),
      InvalidRequestError,
    );
    expect(error.message).toContain('There is a config "pc-a" already.');
  });
});

it('reach another client of the same folder without a restart', async () => {
  const configs = { folder: mkdtempSync(join(root, 'shared-')) };
  const [writer, reader] = [simulator.client(undefined, { configs }), simulator.client(undefined, { configs })];
  const { slug } = await writer.configs.create({ name: 'A', config: openai() });
  await expect.poll(() => who(reader, slug)).toBe('openai');
  await writer.configs.update({ slug, config: simulator.target('anthropic') });
  await expect.poll(() => who(reader, slug)).toBe('anthropic');
});

it('begin with the map of the option, whose configs can be changed, too', async () => {
  const portkey = simulator.client('pc-main', { configs: { 'pc-main': openai() } });
  await portkey.configs.update({ slug: 'pc-main', config: simulator.target('anthropic') });
  const reply = await portkey.chat.completions.create(hello);
  expect(reply.getHeaders().provider).toBe('anthropic');
  expect((await portkey.configs.versions({ slug: 'pc-main' })).total).toBe(2);
});

it('may be kept in a store of the user', async () => {
  const store = memoryDocuments({}, Date.now);
  const portkey = simulator.client(undefined, { configs: { store }, logs: memoryLogs() });
  const { slug } = await portkey.configs.create({ name: 'A', config: openai() });
  expect(await who(portkey, slug)).toBe('openai');
  expect((await portkey.logs.list()).data).toMatchObject([
    { configId: slug, configVersion: expect.stringMatching(/./) },
  ]);
});

it('cannot be changed where a function finds them', async () => {
  const portkey = simulator.client('pc-a', { configs: async () => openai() });
  await expect(portkey.configs.list()).rejects.toThrow('The configs of this client are only looked up.');
});

it('are asked of the gateway of a client that has one', async () => {
  const versions = [
    { version: 2, version_id: 'b', config: '{"retry":{"attempts":2}}' },
    { version: 1, version_id: 'a', config: '{"retry":{"attempts":1}}' },
  ];
  await using server = await recordingServer(({ url }) => ({
    json: url.endsWith('/versions') ? { object: 'list', data: versions } : { slug: 'pc-a', version_id: 'v' },
  }));
  const { configs } = new Portkey({ baseURL: server.url, apiKey: 'pk' });
  await configs.create({ name: 'A', config: { provider: 'openai' }, workspace_id: 'w' });
  await configs.retrieve({ slug: 'pc-a' });
  await configs.list({ workspace_id: 'w' });
  await configs.update({ slug: 'pc-a', name: 'B' });
  await configs.delete({ id: 'pc-a' });
  expect((await configs.diff({ slug: 'pc-a', from: 1 })).data).toEqual([
    { path: '$.retry.attempts', before: 1, after: 2 },
  ]);
  await configs.restore({ slug: 'pc-a', version: 1 });
  expect(server.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/v1/configs', { name: 'A', config: { provider: 'openai' }, workspace_id: 'w' }],
    ['GET', '/v1/configs/pc-a', undefined],
    ['GET', '/v1/configs?workspace_id=w', undefined],
    ['PUT', '/v1/configs/pc-a', { name: 'B' }],
    ['DELETE', '/v1/configs/pc-a', undefined],
    ['GET', '/v1/configs/pc-a/versions', undefined],
    ['GET', '/v1/configs/pc-a/versions', undefined],
    ['GET', '/v1/configs/pc-a/versions', undefined],
    ['PUT', '/v1/configs/pc-a', { config: { retry: { attempts: 1 } } }],
  ]);
});

it('a version of a config that is not kept any more is not found', async () => {
  const portkey = simulator.client(undefined, { configs: { store: memoryDocuments({}, Date.now, 2) } });
  const { slug } = await portkey.configs.create({ name: 'a', config: openai() });
  for (const weight of [1, 2, 3]) await portkey.configs.update({ slug, config: openai({ weight }) });
  const message = `404 Version 1 of config "${slug}" is not kept any more. The oldest that is kept is 3, the latest 4.`;
  await expect(portkey.configs.restore({ slug, version: 1 })).rejects.toMatchObject({ status: 404, message });
  await expect(portkey.configs.diff({ slug, from: 1 })).rejects.toMatchObject({ status: 404, message });
  await expect(portkey.configs.diff({ slug, from: 9 })).rejects.toThrow('It has 3 to 4');
  await portkey.configs.restore({ slug, version: 3 });
  expect((await portkey.configs.versions({ slug })).data.map(({ version }) => version)).toEqual([5, 4]);
  expect(() => simulator.client(undefined, { configs: { folder: root, keepVersions: 0 } as never })).toThrow(
    'options.configs.keepVersions: Must be a whole number, 1 or more.',
  );
});
