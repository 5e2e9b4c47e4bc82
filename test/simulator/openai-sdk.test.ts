import OpenAI, { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';

let simulator: Simulator;
let client: OpenAI;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { openai: { text: 'Hello wörld, twice.' } } });
  client = new OpenAI({ apiKey: 'key-1', baseURL: simulator.baseUrl('openai'), maxRetries: 0 });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const chat = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hi' }] };
const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: { type: 'object' } } }];

it('chats', async () => {
  const { data, request_id } = await client.chat.completions.create(chat).withResponse();
  expect(data.choices[0]?.message.content).toBe('Hello wörld, twice.');
  expect(data.usage?.total_tokens).toBe(4);
  expect(request_id).toMatch(/^req_[0-9a-f]{24}$/);
});

it('streams', async () => {
  const stream = await client.chat.completions.create({
    ...chat,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Hello wörld, twice.');
  expect(chunks.at(-1)?.usage?.total_tokens).toBe(4);
});

it('puts streamed tool calls together', async () => {
  simulator.script('openai', [
    {
      toolCalls: [
        { name: 'weather', arguments: { city: 'Oslo' } },
        { name: 'weather', arguments: { city: 'New York' } },
      ],
    },
  ]);
  const completion = await client.chat.completions.stream({ ...chat, tools }).finalChatCompletion();
  expect(completion.choices[0]?.finish_reason).toBe('tool_calls');
  expect(
    completion.choices[0]?.message.tool_calls?.map((call) => call.type === 'function' && call.function),
  ).toMatchObject([
    { name: 'weather', arguments: '{"city":"Oslo"}' },
    { name: 'weather', arguments: '{"city":"New York"}' },
  ]);
});

it('runs the responses API, whole and streamed', async () => {
  expect((await client.responses.create({ model: 'm', input: 'Hi' })).output_text).toBe('Hello wörld, twice.');
  const stream = client.responses.stream({ model: 'm', input: 'Hi' });
  expect((await stream.finalResponse()).output_text).toBe('Hello wörld, twice.');
});

it('embeds, with base64 on the wire', async () => {
  const { data } = await client.embeddings.create({ model: 'e', input: 'x', dimensions: 3 });
  expect(simulator.requests('openai').at(-1)?.body).toMatchObject({ encoding_format: 'base64' });
  expect(Math.hypot(...(data[0]?.embedding ?? []))).toBeCloseTo(1, 5);
});

it('reaches the other endpoints', async () => {
  expect((await client.completions.create({ model: 'm', prompt: 'x' })).choices[0]?.text).toBe('Hello wörld, twice.');
  expect((await client.moderations.create({ input: 'x' })).results[0]?.flagged).toBe(false);
  expect((await client.models.list()).data.map((model) => model.id)).toEqual(['simulated-model']);
  expect((await client.images.generate({ prompt: 'x', model: 'i' })).data).toHaveLength(1);
  expect(
    (await (await client.audio.speech.create({ model: 's', voice: 'alloy', input: 'x' })).arrayBuffer()).byteLength,
  ).toBe(844);
  const file = new File([new Uint8Array(3)], 'a.wav');
  expect((await client.audio.transcriptions.create({ model: 'w', file })).text).toBe('Hello wörld, twice.');
});

it.each([
  [{ error: 'context_window' }, 'BadRequestError', 'context_length_exceeded'],
  [{ status: 401 }, 'AuthenticationError', 'invalid_api_key'],
  [{ status: 403 }, 'PermissionDeniedError', null],
  [{ status: 404 }, 'NotFoundError', 'model_not_found'],
  [{ status: 409 }, 'ConflictError', null],
  [{ status: 422 }, 'UnprocessableEntityError', null],
  [{ status: 429 }, 'RateLimitError', 'rate_limit_exceeded'],
  [{ error: 'billing' }, 'RateLimitError', 'insufficient_quota'],
  [{ outage: true }, 'InternalServerError', null],
] as const)('%j is a %s of code %s', async (reply, name, code) => {
  simulator.script('openai', [reply]);
  const error = await client.chat.completions.create(chat).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(OpenAI[name]);
  expect(error).toMatchObject({ code, requestID: expect.stringMatching(/^req_/) });
});

it('an error event breaks the stream off with an APIError', async () => {
  simulator.script('openai', [{ errorEventAt: 2, error: 'server' }]);
  const stream = await client.chat.completions.create({ ...chat, stream: true });
  const reading = (async () => {
    for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
  })();
  await expect(reading).rejects.toThrow('The server had an error');
});

it('retries as the SDK does, by the header', async () => {
  simulator.script('openai', [
    { status: 429, retryAfter: { ms: 1 } },
    { status: 500, headers: { 'retry-after-ms': '1' } },
  ]);
  const retrying = new OpenAI({ apiKey: 'key-1', baseURL: simulator.baseUrl('openai'), maxRetries: 2 });
  expect((await retrying.chat.completions.create(chat)).choices).toHaveLength(1);
  expect(simulator.requests('openai').map((request) => request.status)).toEqual([429, 500, 200]);
});

it('serves Azure deployments', async () => {
  simulator.behave('azure-openai', { text: 'From Azure', models: ['my-deployment'] });
  const azure = new AzureOpenAI({
    apiKey: 'azure-key',
    endpoint: `${simulator.url}/azure-openai`,
    apiVersion: '2024-10-21',
    maxRetries: 0,
  });
  const ask = (model: string) => azure.chat.completions.create({ ...chat, model });
  expect((await ask('my-deployment')).choices[0]?.message.content).toBe('From Azure');
  const stream = azure.chat.completions.stream({ ...chat, model: 'my-deployment' });
  expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe('From Azure');
  await expect(ask('other')).rejects.toMatchObject({ status: 404, code: 'DeploymentNotFound' });
  expect(simulator.requests('azure-openai')[0]).toMatchObject({
    key: 'azure-key',
    path: '/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21',
    model: 'my-deployment',
  });
});
