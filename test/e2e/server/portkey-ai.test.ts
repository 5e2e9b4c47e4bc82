import { Portkey } from 'portkey-ai';
import { expect, it } from 'vitest';
import { collect } from '../../resources/fakes.ts';
import { served } from '../../support/served.ts';
import { simulated } from '../../support/simulated.ts';

const simulator = simulated();
const chat = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };

async function serverWith(options: object) {
  const server = await served({
    virtualKeys: { 'openai-prod': { provider: 'openai', api_key: 'vk', custom_host: simulator.baseUrl('openai') } },
    configs: { 'pc-main': simulator.target('openai') },
    trust: { customHosts: 'any' },
    ...options,
  });
  return (params: object) => new Portkey({ baseURL: `${server.url}/v1`, apiKey: 'pk', ...params });
}

it.each([
  ['a config by its ID', { config: 'pc-main' }, 'key-of-openai'],
  ['a virtual key', { virtualKey: 'openai-prod' }, 'vk'],
  ['a provider by slug', { provider: '@openai-prod' }, 'vk'],
])('%s', async (_way, params, key) => {
  const portkey = (await serverWith({}))(params);
  simulator.script('openai', [{ text: 'Hello there' }]);
  const reply = await portkey.chat.completions.create(chat);
  expect(reply.choices?.[0]?.message?.content).toBe('Hello there');
  expect(simulator.requests('openai')[0]?.key).toBe(key);
});

it('a config of its own, with its own keys, and a provider with its own key', async () => {
  const portkey = await serverWith({});
  const targets = [
    simulator.target('openai', { api_key: 'mine-1' }),
    simulator.target('anthropic', { api_key: 'mine-2' }),
  ];
  simulator.script('openai', [{ status: 500 }]);
  const reply = await portkey({ config: { strategy: { mode: 'fallback' }, targets } }).chat.completions.create({
    ...chat,
    max_tokens: 9,
  });
  expect(reply.getHeaders()).toMatchObject({
    'last-used-option-index': 'config.targets[1]',
    provider: 'anthropic',
    'retry-attempt-count': '0',
    'cache-status': 'DISABLED',
  });
  const own = { provider: 'openai', Authorization: 'Bearer mine-3', customHost: simulator.baseUrl('openai') };
  await portkey(own).chat.completions.create(chat);
  expect(simulator.requests().map(({ key }) => key)).toEqual(['mine-1', 'mine-2', 'mine-3']);
});

it('the key of the server is the Portkey key', async () => {
  const portkey = await serverWith({ keys: ['server-key-1'] });
  await portkey({ apiKey: 'server-key-1', config: 'pc-main' }).chat.completions.create(chat);
  await expect(portkey({ apiKey: 'other', config: 'pc-main' }).chat.completions.create(chat)).rejects.toMatchObject({
    status: 401,
  });
});

it('streams', async () => {
  const portkey = (await serverWith({}))({ config: 'pc-main' });
  simulator.script('openai', [{ text: 'Hello there, twice' }]);
  const stream = await portkey.chat.completions.create({ ...chat, stream: true });
  const chunks = await collect(stream as AsyncIterable<{ choices: { delta: { content?: string } }[] }>);
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Hello there, twice');
});

it('trace ID and metadata arrive; the trace ID comes back', async () => {
  const started: object[] = [];
  const server = await served({ config: simulator.target('openai') });
  server.on('request-start', (event) => started.push(event));
  const portkey = new Portkey({
    baseURL: `${server.url}/v1`,
    apiKey: 'pk',
    traceID: 'trace-1',
    metadata: { _user: 'u-1', team: 'blue' },
  });
  const reply = await portkey.chat.completions.create(chat);
  expect(reply.getHeaders()).toMatchObject({ 'trace-id': 'trace-1' });
  expect(started).toMatchObject([{ traceId: 'trace-1', metadata: { _user: 'u-1', team: 'blue' } }]);
});

it('embeds, lists models, and asks a path of the provider', async () => {
  const portkey = (await serverWith({}))({ config: 'pc-main' });
  const { data } = await portkey.embeddings.create({ model: 'e', input: 'x' });
  expect(data).toHaveLength(1);
  expect((await portkey.models.list()).data.map(({ id }: { id?: string }) => id)).toEqual(['simulated-model']);
  await portkey.post('/moderations', { input: 'x' });
  expect(simulator.requests('openai').map(({ path }) => path)).toEqual([
    '/v1/embeddings',
    '/v1/models',
    '/v1/moderations',
  ]);
});

it('calls tools and answers in a JSON schema', async () => {
  const portkey = (await serverWith({}))({ config: 'pc-main' });
  simulator.script('openai', [
    { toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] },
    { jsonObject: { city: 'Oslo' } },
  ]);
  const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: {} } }];
  const called = await portkey.chat.completions.create({ ...chat, tools });
  expect(called.choices?.[0]?.message?.tool_calls).toMatchObject([
    { function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
  ]);
  const response_format = { type: 'json_schema' as const, json_schema: { name: 'place', schema: {} } };
  const answered = await portkey.chat.completions.create({ ...chat, response_format } as never);
  expect((answered as typeof called).choices?.[0]?.message?.content).toBe('{"city":"Oslo"}');
});

it.each([400, 401, 404, 408, 429, 500])('status %i arrives as it is, once', async (status) => {
  const portkey = (await serverWith({}))({ config: 'pc-main' });
  simulator.behave('openai', { status });
  await expect(portkey.chat.completions.create(chat)).rejects.toMatchObject({ status });
  expect(simulator.requests('openai')).toHaveLength(1);
});

it('leaving a stream closes the provider’s socket', async () => {
  const portkey = (await serverWith({}))({ config: 'pc-main' });
  simulator.script('openai', [{ text: 'one two three four five', stallAfterChunks: 3 }]);
  const stream = await portkey.chat.completions.create({ ...chat, stream: true });
  for await (const _chunk of stream as AsyncIterable<unknown>) break;
  await expect.poll(() => simulator.requests('openai')[0]?.aborted).toBe(true);
});
