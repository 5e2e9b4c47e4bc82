import { Portkey } from 'modelmux';
import { expect, it } from 'vitest';
import { served } from '../../support/served.ts';
import { hello, helloStream, simulated, textOf } from '../../support/simulated.ts';

const simulator = simulated();

async function client(params: object = {}) {
  const server = await served({
    configs: { 'pc-main': simulator.target('openai') },
    virtualKeys: { 'openai-prod': { provider: 'openai', api_key: 'vk', custom_host: simulator.baseUrl('openai') } },
    keys: ['server-key-1'],
  });
  return new Portkey({ baseURL: `${server.url}/v1`, apiKey: 'server-key-1', config: 'pc-main', ...params });
}

it('chats and streams as in the process, with the same facts', async () => {
  const portkey = await client();
  simulator.behave('openai', { text: 'Hello there' });
  const reply = await portkey.chat.completions.create(hello, { traceID: 'tracé-✓' });
  expect(reply.choices[0]?.message.content).toBe('Hello there');
  expect(reply.getHeaders()).toMatchObject({ 'last-used-option-index': 'config', provider: 'openai' });
  const stream = await portkey.chat.completions.create(helloStream);
  expect(await textOf(stream)).toBe('Hello there');
});

it('names virtual keys', async () => {
  const portkey = await client({ config: undefined });
  await portkey.chat.completions.create(hello, { virtualKey: 'openai-prod' });
  await portkey.chat.completions.create({ ...hello, model: '@openai-prod/gpt-4o' });
  expect(simulator.requests('openai').map(({ key, model }) => `${key} ${model}`)).toEqual(['vk gpt-4o', 'vk gpt-4o']);
});

it.each([400, 401, 404, 408, 429, 500])('status %i is the error it is in the process', async (status) => {
  const portkey = await client();
  simulator.script('openai', [{ status }]);
  await expect(portkey.chat.completions.create(hello)).rejects.toMatchObject({
    status,
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

it('messages, embeddings, models, files and raw paths', async () => {
  const portkey = await client();
  simulator.behave('openai', { text: 'Hello there' });
  const message = await portkey.messages.create({
    model: 'm',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'Hi' }],
  });
  expect(message.content).toMatchObject([{ type: 'text', text: 'Hello there' }]);
  expect((await portkey.embeddings.create({ model: 'e', input: 'x' })).data).toHaveLength(1);
  expect((await portkey.models.list()).data.map(({ id }) => id)).toEqual(['simulated-model']);
  await portkey.get('/fine_tuning/jobs').catch(() => undefined);
  expect(simulator.requests('openai').at(-1)?.path).toBe('/v1/fine_tuning/jobs');
});

it('an abort in the middle of a stream closes the provider’s socket', async () => {
  const portkey = await client();
  simulator.script('openai', [{ text: 'one two three four five', stallAfterChunks: 3 }]);
  for await (const _chunk of await portkey.chat.completions.create(helloStream)) break;
  await expect.poll(() => simulator.requests('openai')[0]?.aborted).toBe(true);
});
