import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Portkey as PortkeyAi } from 'portkey-ai';
import { expect, it, onTestFinished } from 'vitest';
import { Portkey } from '../../../src/index.ts';
import { served } from '../../support/served.ts';
import { simulated, textOf } from '../../support/simulated.ts';

const simulator = simulated();
const hello = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };

async function gateway(options: object = {}) {
  const { url } = await served({
    adminKey: 'admin',
    keys: ['client'],
    logs: {},
    virtualKeys: { mine: { provider: 'openai', apiKey: 'sk-mine' } },
    ...options,
  });
  const baseURL = `${url}/v1`;
  return { url, baseURL, admin: new PortkeyAi({ apiKey: 'admin', baseURL }) };
}

/** What `portkey-ai` gives has looser types than its replies. */
function plain(value: unknown): Record<string, string> {
  return JSON.parse(JSON.stringify(value));
}

it('portkey-ai makes a config here, calls by its slug, changes it and deletes it', async () => {
  const { baseURL, admin } = await gateway();
  const config = { ...simulator.target('openai'), override_params: { model: 'one' } };
  const { slug = '' } = plain(await admin.configs.create({ name: 'Main route', config } as never));
  expect(slug).toMatch(/^pc-main-route-[\da-f]{6}$/);
  const client = new PortkeyAi({ apiKey: 'client', baseURL, config: slug });
  await client.chat.completions.create(hello);
  const changed = { ...config, override_params: { model: 'two' } };
  await admin.configs.update({ slug, config: changed } as never);
  await client.chat.completions.create(hello);
  expect(simulator.bodies('openai').map(({ model }) => model)).toEqual(['one', 'two']);
  const found = plain(await admin.configs.retrieve({ slug } as never));
  expect(JSON.parse(found['config'] ?? '')).toEqual(changed);
  expect(plain(await admin.configs.list({} as never))).toMatchObject({
    total: 1,
    data: [{ slug, name: 'Main route' }],
  });
  const own = new Portkey({ configs: { baseURL, apiKey: 'admin' }, config: slug, environment: {} });
  await own.chat.completions.create(hello);
  expect(simulator.bodies('openai')).toHaveLength(3);
  await admin.configs.delete({ slug } as never);
  await expect(client.chat.completions.create(hello)).rejects.toThrow(slug);
});

it('a config that cannot work, or a client’s key, is refused', async () => {
  const { url } = await gateway();
  const make = (key: string, config: object) =>
    fetch(`${url}/v1/configs`, {
      method: 'POST',
      headers: { 'x-portkey-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'a', config }),
    });
  expect((await make('client', {})).status).toBe(403);
  const refused = await make('admin', { provider: 'opnai' });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    error: { param: 'config', message: expect.stringContaining('"openai"') },
  });
});

it('logs are listed, and feedback on a trace is kept with them', async () => {
  const { baseURL, admin } = await gateway();
  const config = simulator.target('openai');
  const { slug = '' } = plain(await admin.configs.create({ name: 'logged', config } as never));
  const client = new PortkeyAi({ apiKey: 'client', baseURL, config: slug, traceID: 'trace-1' });
  await client.chat.completions.create(hello);
  const given = plain(await client.feedback.create({ traceID: 'trace-1', value: 5 } as never));
  expect(given['status']).toBe('success');
  const own = new Portkey({ apiKey: 'admin', baseURL });
  const { data } = await own.logs.list({ traceId: 'trace-1' });
  expect(data).toMatchObject([{ traceId: 'trace-1', feedback: [{ value: 5 }] }]);
  expect(await own.logs.get('nothing')).toBeNull();
  await expect(new Portkey({ apiKey: 'client', baseURL }).logs.list()).rejects.toMatchObject({ status: 403 });
});

it('configs have versions, which are compared and restored', async () => {
  const { baseURL, admin } = await gateway();
  const { slug = '' } = plain(await admin.configs.create({ name: 'a', config: { retry: { attempts: 1 } } } as never));
  await admin.configs.update({ slug, config: { retry: { attempts: 2 } } } as never);
  const own = new Portkey({ apiKey: 'admin', baseURL });
  expect((await own.configs.versions({ slug })).data.map(({ version, is_latest }) => [version, is_latest])).toEqual([
    [2, true],
    [1, false],
  ]);
  const change = { path: '$.retry.attempts', before: 1, after: 2 };
  expect((await own.configs.diff({ slug, from: 1 })).data).toEqual([change]);
  const headers = { authorization: 'Bearer admin', 'content-type': 'application/json' };
  const diff = await fetch(`${baseURL}/configs/${slug}/diff?from=1&to=2`, { headers });
  expect(await diff.json()).toMatchObject({ data: [change] });
  const restored = await fetch(`${baseURL}/configs/${slug}/restore`, {
    method: 'POST',
    headers,
    body: '{"version":1}',
  });
  expect(restored.status).toBe(200);
  expect(JSON.parse((await own.configs.retrieve({ slug })).config)).toEqual({ retry: { attempts: 1 } });
  expect((await own.configs.versions({ slug })).total).toBe(3);
  await expect(own.configs.retrieve({ slug: 'pc-none' })).rejects.toMatchObject({ status: 404 });
});

it('every problem of a config is told with its path, and the one that works stays', async () => {
  const { baseURL, admin } = await gateway();
  const { slug = '' } = plain(await admin.configs.create({ name: 'a', config: simulator.target('openai') } as never));
  const broken = { strategy: { mode: 'fallbak' }, targets: [{ provider: 'openai', weight: -1 }] };
  const refused = await admin.configs.update({ slug, config: broken } as never).catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 400 });
  expect(String(refused)).toContain('$.strategy.mode');
  expect(String(refused)).toContain('$.targets[0].weight');
  await new PortkeyAi({ apiKey: 'client', baseURL, config: slug }).chat.completions.create(hello);
  const inUse = { ref: slug };
  await admin.configs.create({ name: 'b', config: inUse } as never);
  await expect(admin.configs.delete({ slug } as never)).rejects.toThrow('is in use');
});

it('portkey-ai keeps prompts here, renders and sends them', async () => {
  const { baseURL, admin } = await gateway({ config: simulator.target('openai') });
  const messages = [{ role: 'user', content: 'Say {{what}}.' }];
  const parameters = { temperature: 0 };
  const create = { name: 'Greet', collection_id: 'c', string: JSON.stringify(messages), parameters, model: 'gpt-4o' };
  const { slug = '' } = plain(await admin.prompts.create(create));
  await admin.prompts.update(slug, { string: 'Tell {{what}}.' });
  await admin.prompts.versions.update(slug, '2', { label_id: 'next' });
  const client = new PortkeyAi({ apiKey: 'client', baseURL });
  const rendered = await client.prompts.render({ promptID: slug, variables: { what: 'hi' } });
  expect(plain(rendered)['data']).toEqual({
    model: 'gpt-4o',
    temperature: 0,
    messages: [{ role: 'user', content: 'Say hi.' }],
  });
  simulator.behave('openai', { text: 'one two' });
  const reply = await client.prompts.completions.create({ promptID: slug, variables: { what: 'hi' } });
  expect(plain(reply)).toMatchObject({ choices: [{ message: { content: 'one two' } }] });
  const stream = await client.prompts.completions.create({ promptID: slug, variables: { what: 'yo' }, stream: true });
  let text = '';
  for await (const chunk of stream as AsyncIterable<{ choices: { delta: { content?: string } }[] }>)
    text += chunk.choices[0]?.delta.content ?? '';
  expect(text).toBe('one two');
  await client.prompts.completions.create({ promptID: `${slug}@next`, variables: { what: 'all' } });
  expect(simulator.bodies('openai').map(({ messages, prompt }) => prompt ?? messages)).toEqual([
    [{ role: 'user', content: 'Say hi.' }],
    [{ role: 'user', content: 'Say yo.' }],
    'Tell all.',
  ]);
  await admin.prompts.publish(slug, { version: 2 });
  expect(plain(await admin.prompts.retrieve(slug))).toMatchObject({ prompt_version: 2, string: 'Tell {{what}}.' });
  expect(plain(await admin.prompts.list({ search: 'greet' }))).toMatchObject({ total: 1 });
  expect(plain(await admin.prompts.versions.list(slug))).toMatchObject({ total: 2 });
  await expect(client.prompts.create(create)).rejects.toMatchObject({ status: 403 });
  await expect(client.prompts.retrieve(slug)).rejects.toMatchObject({ status: 403 });
  await admin.prompts.delete(slug);
  await expect(client.prompts.render({ promptID: slug })).rejects.toMatchObject({ status: 404 });
});

it('our own client sends prompts of the server, streams too', async () => {
  const { baseURL } = await gateway({ config: simulator.target('openai') });
  const admin = new Portkey({ apiKey: 'admin', baseURL });
  const { slug } = await admin.prompts.create({ name: 'a', string: [{ role: 'user', content: '{{x}}' }], model: 'm' });
  const { prompts } = new Portkey({ apiKey: 'client', baseURL });
  simulator.behave('openai', { text: 'one two' });
  const reply = await prompts.completions.create({ promptID: slug, variables: { x: 1 } });
  expect(reply.choices[0]?.message.content).toBe('one two');
  expect(await textOf(await prompts.completions.create({ promptID: slug, stream: true }))).toBe('one two');
});

it('a prompt’s virtual key is asked unless the request names somebody', async () => {
  const key = (apiKey: string) => ({ provider: 'openai', apiKey, customHost: simulator.baseUrl('openai') });
  const { baseURL, admin } = await gateway({ virtualKeys: { a: key('sk-a'), b: key('sk-b') } });
  const body = { name: 'p', collection_id: '', string: 'x', parameters: {}, model: 'm', virtual_key: 'a' };
  const { slug = '' } = plain(await admin.prompts.create(body));
  await new PortkeyAi({ apiKey: 'client', baseURL }).prompts.completions.create({ promptID: slug });
  await new PortkeyAi({ apiKey: 'client', baseURL, virtualKey: 'b' }).prompts.completions.create({ promptID: slug });
  expect(simulator.requests('openai').map((request) => request.key)).toEqual(['sk-a', 'sk-b']);
});

it('configs and prompts are there again after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelmux-admin-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const data = { file: join(folder, 'data.json') };
  const before = await gateway({ data });
  const config = simulator.target('openai');
  const { slug = '' } = plain(await before.admin.configs.create({ name: 'a', config } as never));
  await before.admin.configs.update({ slug, name: 'b' } as never);
  const prompt = plain(
    await before.admin.prompts.create({ name: 'p', collection_id: '', string: 'x', parameters: {} }),
  );
  const after = await gateway({ data });
  await new PortkeyAi({ apiKey: 'client', baseURL: after.baseURL, config: slug }).chat.completions.create(hello);
  const own = new Portkey({ apiKey: 'admin', baseURL: after.baseURL });
  expect((await own.configs.versions({ slug })).data.map(({ name }) => name)).toEqual(['b', 'a']);
  expect((await own.prompts.retrieve(prompt['slug'] ?? '')).string).toBe('x');
});

it('a config written to one instance is used by the other within seconds, and calls under way finish on the old one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelmux-admin-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [one, two] = [await gateway({ configs: { folder } }), await gateway({ configs: { folder } })];
  const config = (model: string) => ({ ...simulator.target('openai'), override_params: { model } });
  const { slug = '' } = plain(await one.admin.configs.create({ name: 'a', config: config('old') } as never));
  const client = new Portkey({ apiKey: 'client', baseURL: two.baseURL, config: slug });
  const asked = async () => {
    await client.chat.completions.create(hello);
    return simulator.bodies('openai').at(-1)?.['model'];
  };
  await expect.poll(asked).toBe('old');
  simulator.script('openai', [{ text: 'one two three four' }]);
  const stream = await client.chat.completions.create({ ...hello, stream: true });
  await one.admin.configs.update({ slug, config: config('new') } as never);
  await expect.poll(asked).toBe('new');
  expect(await textOf(stream)).toBe('one two three four');
});

it('portkey-ai makes, rotates and removes virtual keys of a vault file; what they hold is never told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelmux-admin-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const vault = { file: join(folder, 'keys.vault'), passphrase: 'correct horse' };
  const { baseURL, admin } = await gateway({ vault });
  const custom_host = simulator.baseUrl('openai');
  const secrets = ['sk-canary-first-1234', 'sk-canary-second-5678'];
  const told: unknown[] = [];
  const create = { name: 'OpenAI Prod', provider: 'openai', key: secrets[0], custom_host };
  told.push(await admin.virtualKeys.create(create as never));
  const client = new PortkeyAi({ apiKey: 'client', baseURL, virtualKey: 'openai-prod' });
  await client.chat.completions.create(hello);
  told.push(await admin.virtualKeys.update({ slug: 'openai-prod', key: secrets[1] } as never));
  await client.chat.completions.create(hello);
  expect(simulator.requests('openai').map((request) => request.key)).toEqual(secrets);
  const listed = plain(await admin.virtualKeys.list({} as never));
  expect(listed['data']).toMatchObject([{ slug: 'mine' }, { slug: 'openai-prod', masked_api_key: '…5678' }]);
  told.push(listed, await admin.virtualKeys.retrieve({ slug: 'openai-prod' } as never));
  told.push(
    await admin.virtualKeys
      .create({ name: 'x', provider: 'openai', key: 'k', workspace_id: 'w' } as never)
      .catch(String),
  );
  told.push(await admin.virtualKeys.create({ ...create, key: `${secrets[0]} ` } as never).catch(String));
  await expect(client.virtualKeys.list({} as never)).rejects.toMatchObject({ status: 403 });
  await admin.virtualKeys.delete({ slug: 'openai-prod' } as never);
  await expect(client.chat.completions.create(hello)).rejects.toThrow('openai-prod');
  expect(told[4]).toContain('There are no workspaces here');
  for (const secret of secrets) expect(JSON.stringify(told)).not.toContain(secret);
});

it('portkey-ai limits virtual keys of a vault file, and reads what it said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelmux-admin-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { baseURL, admin } = await gateway({
    vault: { file: join(folder, 'keys.vault'), passphrase: 'correct horse' },
  });
  const usage_limits = { credit_limit: 100, alert_threshold: 90, type: 'tokens', periodic_reset: 'monthly' };
  const rate_limits = [{ type: 'requests', unit: 'rpd', value: 1 }];
  const custom_host = simulator.baseUrl('openai');
  const slug = 'limited';
  const key = { name: slug, provider: 'openai', key: 'sk-canary-1234', note: 'ours', custom_host };
  await admin.virtualKeys.create({ ...key, usage_limits, rate_limits } as never);
  const shown = plain(await admin.virtualKeys.retrieve({ slug } as never));
  expect(shown).toMatchObject({ slug, note: 'ours', usage_limits, rate_limits, expires_at: null, status: 'active' });
  const client = new PortkeyAi({ apiKey: 'client', baseURL, virtualKey: slug });
  await client.chat.completions.create({ ...hello, max_tokens: 20 });
  const ask = () => client.chat.completions.create({ ...hello, max_tokens: 20 });
  await expect(ask()).rejects.toMatchObject({ status: 429, message: expect.stringContaining('virtual key limited') });
  await admin.virtualKeys.update({ slug, rate_limits: [] } as never);
  await ask();
  await admin.virtualKeys.update({
    slug,
    usage_limits: { ...usage_limits, credit_limit: 1, alert_threshold: 1 },
  } as never);
  await expect(ask()).rejects.toMatchObject({ status: 429, message: expect.stringContaining('usage_limits') });
  await admin.virtualKeys.update({ slug, usage_limits: null, expires_at: '2020-01-31T00:00:00Z' } as never);
  await expect(ask()).rejects.toMatchObject({ status: 401, message: expect.stringContaining('expired at 2020-01-31') });
  const bad = admin.virtualKeys.update({ slug, rate_limits: [{ type: 'requests', unit: 'x', value: 1 }] } as never);
  await expect(bad).rejects.toMatchObject({
    status: 400,
    message: expect.stringMatching(/rate_limits\.0\.unit.*rps.*rpm.*rph/),
  });
});

it('virtual keys are listed without what they hold, and not changed where they are only looked up', async () => {
  const { admin } = await gateway();
  const listed = plain(await admin.virtualKeys.list({} as never));
  expect(listed['data']).toEqual([
    { object: 'virtual-key', slug: 'mine', name: 'mine', ai_provider_name: 'openai', status: 'active' },
  ]);
  expect(plain(await admin.virtualKeys.retrieve({ slug: 'mine' } as never))).toMatchObject({ slug: 'mine' });
  await expect(admin.virtualKeys.create({ name: 'x', provider: 'openai', key: 'k' } as never)).rejects.toMatchObject({
    status: 405,
  });
});
