import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InvalidRequestError, NotFoundError, Portkey } from '../../src/index.ts';
import { memoryDocuments } from '../../src/stores/documents/memory-documents.ts';
import { errorOf, simulated, textOf } from '../support/simulated.ts';
import { recordingServer } from './recording-server.ts';

const simulator = simulated();
const template = [
  { role: 'system', content: 'You are {{role}}.' },
  { role: 'user', content: [{ type: 'text', text: 'Say {{what}}.' }] },
];
const client = (options: object = {}) => simulator.client(simulator.target('openai'), options);

async function made(portkey: Portkey = client()) {
  const written = await portkey.prompts.create({
    name: 'Short Summary',
    string: template,
    parameters: { temperature: 0.1 },
    model: 'gpt-4o',
  });
  return { portkey, ...written };
}

describe('prompts', () => {
  it('are rendered with variables, and sent through the client’s config', async () => {
    const { portkey, slug } = await made();
    expect(slug).toMatch(/^pp-short-summary-[\da-f]{6}$/);
    const variables = { role: 'a poet', what: '"hi" & <bye>' };
    const body = {
      model: 'gpt-4o',
      temperature: 0.1,
      messages: [
        { role: 'system', content: 'You are a poet.' },
        { role: 'user', content: [{ type: 'text', text: 'Say "hi" & <bye>.' }] },
      ],
    };
    expect(await portkey.prompts.render({ promptID: slug, variables })).toEqual({ success: true, data: body });
    const given = { promptID: slug, variables, max_tokens: 9, temperature: 0.5 };
    const reply = await portkey.prompts.completions.create(given, { traceID: 'p-1' });
    expect(reply.choices[0]?.message.role).toBe('assistant');
    expect(reply.getHeaders()['trace-id']).toBe('p-1');
    expect(simulator.bodies('openai')).toEqual([{ ...body, temperature: 0.5, max_tokens: 9 }]);
    expect(given.promptID).toBe(slug);
  });

  it('are streamed', async () => {
    const { portkey, slug } = await made();
    simulator.behave('openai', { text: 'One two three' });
    const stream = await portkey.prompts.completions.create({ promptID: slug, variables: {}, stream: true });
    expect(await textOf(stream)).toBe('One two three');
  });

  it('of one text are completions', async () => {
    const { prompts } = client();
    const { slug } = await prompts.create({ name: 'a', string: 'Tell of {{it}}.', model: 'gpt-3.5-turbo-instruct' });
    await prompts.completions.create({ promptID: slug, variables: { it: 'rain' } });
    expect(simulator.requests('openai')[0]?.path).toBe('/v1/completions');
    expect(simulator.bodies('openai')[0]).toMatchObject({ prompt: 'Tell of rain.' });
  });

  it('have versions, of which one is published, and labels', async () => {
    const { portkey, slug } = await made();
    const { prompts } = portkey;
    expect(await prompts.update(slug, { string: 'two', version_description: 'shorter' })).toMatchObject({ version: 2 });
    await prompts.update(slug, { model: 'gpt-5' });
    const model = async (promptID: string) => (await prompts.render({ promptID })).data['model'];
    const named = async () => [await model(slug), await model(`${slug}@latest`), await model(`${slug}@1`)];
    expect(await named()).toEqual(['gpt-4o', 'gpt-5', 'gpt-4o']);
    await prompts.publish(slug, { version: 3 });
    expect(await named()).toEqual(['gpt-5', 'gpt-5', 'gpt-4o']);
    await prompts.versions.update(slug, 2, { label_id: 'production' });
    expect((await prompts.render({ promptID: `${slug}@production` })).data).toMatchObject({ prompt: 'two' });
    await prompts.versions.update(slug, `${slug}@1`, { label_id: 'production' });
    expect((await prompts.render({ promptID: `${slug}@production` })).data).toHaveProperty('messages');
    const { data } = await prompts.versions.list(slug);
    expect(data.map((one) => [one.prompt_version, one.prompt_version_status, one.labels])).toEqual([
      [3, 'published', []],
      [2, 'archived', []],
      [1, 'archived', ['production']],
    ]);
    expect(data[1]?.prompt_description).toBe('shorter');
    expect(await prompts.versions.retrieve(slug, 'production')).toMatchObject({
      prompt_version: 1,
      labels: ['production'],
    });
    expect(JSON.parse((await prompts.versions.retrieve(slug, 1)).string)).toEqual(template);
  });

  it('are listed, and deleted', async () => {
    const { portkey, slug } = await made();
    await portkey.prompts.create({ name: 'Other', string: 'x' });
    expect(await portkey.prompts.list({ search: 'SUMMARY' })).toMatchObject({
      total: 1,
      data: [{ slug, model: 'gpt-4o' }],
    });
    expect(await portkey.prompts.list({ page_size: 1, current_page: 1 })).toMatchObject({ total: 2, data: [{}] });
    expect(await portkey.prompts.delete(slug)).toMatchObject({ slug, deleted: true });
    const error = await errorOf(portkey.prompts.render({ promptID: slug }), NotFoundError);
    expect(error.status).toBe(404);
  });

  it('ask their virtual key, unless the call names somebody', async () => {
    const key = (api_key: string) => ({ provider: 'openai', api_key, custom_host: simulator.baseUrl('openai') });
    const config = { strategy: { mode: 'single' }, targets: [simulator.target('openai')] } as const;
    const portkey = simulator.client(config, { virtualKeys: { own: key('own'), other: key('other') } });
    const { slug } = await portkey.prompts.create({ name: 'a', string: template, model: 'm', virtual_key: 'own' });
    await portkey.prompts.completions.create({ promptID: slug });
    await portkey.prompts.completions.create({ promptID: slug }, { virtualKey: 'other' });
    expect(simulator.requests('openai').map((request) => request.key)).toEqual(['own', 'other']);
  });

  it.each<readonly [string, object, string]>([
    ['no template', { name: 'a' }, '"string" is the template'],
    ['a broken template', { name: 'a', string: 'x {{#a}}' }, '{{#a}} is not closed'],
    ['a broken template in a message', { name: 'a', string: [{ role: 'user', content: '{{/a}}' }] }, 'closes nothing'],
    ['no name', { string: 'x' }, '"name"'],
    ['parameters that are none', { name: 'a', string: 'x', parameters: [] }, '"parameters"'],
    ['an unknown member', { name: 'a', string: 'x', temperature: 1 }, '"temperature" is no member of a prompt'],
    ['messages that are none', { name: 'a', string: [{}] }, '"string"'],
    ['a slug that leads elsewhere', { name: 'a', string: 'x', slug: '../a' }, 'A slug has'],
  ])('are refused with %s', async (_, body, message) => {
    const error = await errorOf(client().prompts.create(body as never), InvalidRequestError);
    expect(error.message).toContain(message);
  });

  it('say what there is where a version or a label is not', async () => {
    const { portkey, slug } = await made();
    await portkey.prompts.versions.update(slug, 1, { label_id: 'production' });
    const render = (promptID: string) => portkey.prompts.render({ promptID });
    await expect(render(`${slug}@prodction`)).rejects.toThrow('Did you mean "production"?');
    await expect(render(`${slug}@4`)).rejects.toThrow('has no version 4. It has 1 to 1.');
    await expect(render('')).rejects.toThrow('"promptID" names a prompt');
    await expect(portkey.prompts.render({ promptID: slug, variables: 'x' as never })).rejects.toThrow('"variables"');
    await expect(portkey.prompts.versions.update(slug, 1, { label_id: 'latest' })).rejects.toThrow('is taken');
  });

  it('lose no version where several write at once', async () => {
    const store = memoryDocuments({}, Date.now);
    const [one, other] = [client({ prompts: { store } }), client({ prompts: { store } })];
    const { slug } = await one.prompts.create({ name: 'a', string: 'first' });
    const writes = Array.from({ length: 6 }, (_, i) => (i % 2 ? one : other).prompts.update(slug, { string: `n${i}` }));
    expect((await Promise.all(writes)).map(({ version }) => version).sort()).toEqual([2, 3, 4, 5, 6, 7]);
    expect((await other.prompts.versions.list(slug)).total).toBe(7);
  });

  it('are kept in a folder, where other clients see a change soon', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modelmux-prompts-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [writer, reader] = [client({ prompts: { folder } }), client({ prompts: { folder } })];
    const { slug } = await writer.prompts.create({ name: 'a', string: 'first' });
    const seen = async () => (await reader.prompts.render({ promptID: `${slug}@latest` })).data['prompt'];
    expect(await seen()).toBe('first');
    await writer.prompts.update(slug, { string: 'second' });
    await expect.poll(seen).toBe('second');
  });

  it('have a place that can be meant', () => {
    expect(() => client({ prompts: { foldr: 'x' } })).toThrow('options.prompts');
    expect(() => client({ prompts: { postgres: 'mysql://x' } })).toThrow('options.prompts.postgres');
  });

  it('ask the gateway of a client that has one', async () => {
    await using server = await recordingServer(() => ({ json: { slug: 'a', choices: [] } }));
    const { prompts } = new Portkey({ baseURL: server.url, apiKey: 'pk' });
    await prompts.create({ name: 'A', string: 'x' });
    await prompts.list({ search: 'a b' });
    await prompts.publish('a', { version: 2 });
    await prompts.versions.update('a', 2, { label_id: 'l' });
    await prompts.render({ promptID: 'a@l', variables: { x: 1 } });
    await prompts.completions.create({ promptID: 'a', variables: { x: 1 }, max_tokens: 5 }, { traceID: 't' });
    expect(server.received.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/v1/prompts', { name: 'A', string: 'x' }],
      ['GET', '/v1/prompts?search=a+b', undefined],
      ['PUT', '/v1/prompts/a/makeDefault', { version: 2 }],
      ['PUT', '/v1/prompts/a/versions/2', { label_id: 'l' }],
      ['POST', '/v1/prompts/a%40l/render', { variables: { x: 1 } }],
      ['POST', '/v1/prompts/a/completions', { variables: { x: 1 }, max_tokens: 5 }],
    ]);
  });
});

describe.each([
  ['in memory', async () => ({ store: memoryDocuments({}, Date.now, 3) })],
  [
    'in a folder',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'modelmux-prompts-'));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      return { folder, keepVersions: 3 };
    },
  ],
])('prompts %s of which three versions are kept', (_, option) => {
  it('keep the published one and those with labels as well, and go on counting', async () => {
    const prompts = await option();
    const { portkey, slug } = await made(client({ prompts }));
    const created = await portkey.prompts.retrieve(slug);
    const to = (number: number) => portkey.prompts.update(slug, { string: `Version ${number}` });
    await to(2);
    await portkey.prompts.versions.update(slug, 2, { label_id: 'stable' });
    for (let number = 3; number <= 8; number++) expect((await to(number)).version).toBe(number);
    const kept = async () => (await portkey.prompts.versions.list(slug)).data.map((each) => each.prompt_version);
    expect(await kept()).toEqual([8, 7, 6, 2, 1]);
    const text = async (named: string) => (await portkey.prompts.retrieve(named)).string;
    expect(await text(`${slug}@stable`)).toBe('Version 2');
    expect(await text(`${slug}@6`)).toBe('Version 6');
    expect(await portkey.prompts.retrieve(slug)).toEqual({ ...created, last_updated_at: expect.any(String) });
    const error = await errorOf(portkey.prompts.render({ promptID: `${slug}@4`, variables: {} }), NotFoundError);
    expect(error.message).toBe(
      `404 Version 4 of prompt "${slug}" is not kept any more. The oldest that is kept is 1, the latest 8.`,
    );
    await portkey.prompts.publish(slug, { version: 6 });
    await portkey.prompts.versions.update(slug, 7, { label_id: 'stable' });
    await to(9);
    expect(await kept()).toEqual([9, 8, 7, 6]);
    await to(10);
    expect(await kept()).toEqual([10, 9, 8, 7, 6]);
    expect(await text(slug)).toBe('Version 6');
    const other = client({ prompts });
    expect((await other.prompts.retrieve(`${slug}@stable`)).string).toBe('Version 7');
    expect((await other.prompts.retrieve(slug)).created_at).toBe(created.created_at);
    await portkey.prompts.delete(slug);
    await expect(text(slug)).rejects.toBeInstanceOf(NotFoundError);
  });
});

it('a history that was kept whole is bound with the next change', async () => {
  const whole = memoryDocuments({}, Date.now, 1000);
  const change = (content: object) => whole.put({ slug: 'pp-old', name: 'Old', content: { ...content } });
  for (let number = 1; number <= 5; number++)
    await change({
      kind: 'version',
      version: { template: `Version ${number}`, parameters: {} },
      isPublished: number === 1,
    });
  await change({ kind: 'label', number: 2, label: 'stable' });
  await change({ kind: 'publish', number: 3 });
  const { prompts } = client({ prompts: { store: { ...whole, keepVersions: 1 } } });
  await prompts.update('pp-old', { string: 'Version 6' });
  expect((await prompts.versions.list('pp-old')).data.map((each) => each.prompt_version)).toEqual([6, 3, 2]);
  expect((await prompts.retrieve('pp-old')).string).toBe('Version 3');
  expect((await prompts.retrieve('pp-old@stable')).string).toBe('Version 2');
});
