import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { expect, it } from 'vitest';
import { collect } from '../../resources/fakes.ts';
import { served } from '../../support/served.ts';
import { simulated } from '../../support/simulated.ts';

const simulator = simulated();

async function configuration() {
  const server = await served({ config: simulator.target('openai') });
  return { configuration: { baseURL: `${server.url}/v1` }, apiKey: 'unused', maxRetries: 0 };
}

async function model() {
  return new ChatOpenAI({ model: 'gpt-4o', ...(await configuration()) });
}

it('invokes', async () => {
  const chat = await model();
  simulator.script('openai', [{ text: 'Hello there' }]);
  const reply = await chat.invoke('Hello');
  expect(reply.content).toBe('Hello there');
  expect(reply.usage_metadata).toMatchObject({ output_tokens: 2 });
});

it('streams', async () => {
  const chat = await model();
  simulator.script('openai', [{ text: 'Hello there, twice' }]);
  const chunks = await collect(await chat.stream('Hello'));
  expect(chunks.map(({ content }) => content).join('')).toBe('Hello there, twice');
});

it('calls tools', async () => {
  const chat = await model();
  simulator.script('openai', [{ toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }]);
  const tools = [
    { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object', properties: {} } } },
  ];
  const { tool_calls } = await chat.bindTools(tools).invoke('Weather?');
  expect(tool_calls).toMatchObject([{ name: 'weather', args: { city: 'Oslo' } }]);
});

it('answers in a JSON schema', async () => {
  const chat = await model();
  simulator.script('openai', [{ jsonObject: { city: 'Oslo' } }]);
  const schema = { title: 'place', type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const answer = await chat.withStructuredOutput(schema, { method: 'jsonSchema' }).invoke('Where?');
  expect(answer).toEqual({ city: 'Oslo' });
});

it('embeds', async () => {
  const embeddings = new OpenAIEmbeddings({ model: 'e', ...(await configuration()) });
  expect(Math.hypot(...(await embeddings.embedQuery('x')))).toBeCloseTo(1, 5);
});

it.each([400, 401, 404, 408, 429, 500])('status %i arrives as it is', async (status) => {
  const chat = await model();
  simulator.behave('openai', { status });
  await expect(chat.invoke('Hello')).rejects.toMatchObject({ status });
});

it('an abort in the middle of a stream closes the provider’s socket', async () => {
  const chat = await model();
  simulator.script('openai', [{ text: 'one two three four five', stallAfterChunks: 3 }]);
  const controller = new AbortController();
  const reading = (async () => {
    for await (const _chunk of await chat.stream('Hello', { signal: controller.signal })) controller.abort();
  })();
  await expect(reading).rejects.toThrow();
  await expect.poll(() => simulator.requests('openai')[0]?.aborted).toBe(true);
});
