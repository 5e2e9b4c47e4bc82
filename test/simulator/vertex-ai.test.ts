import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { bearer, chatBody, dataOf, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { 'vertex-ai': { text: 'Yes.' } } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const place = 'projects/p1/locations/europe-west1';
const post = (path: string, body: unknown, headers: Record<string, string> = bearer) =>
  send(`${simulator.baseUrl('vertex-ai')}/${place}/${path}`, { headers, body });

const contents = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] };
const message = { anthropic_version: 'vertex-2023-10-16', max_tokens: 64, messages: [{ role: 'user', content: 'Hi' }] };
const claude = 'publishers/anthropic/models/claude-x@20250101';

it("serves Google's models", async () => {
  const whole = JSON.parse((await post('publishers/google/models/gemini-x:generateContent', contents)).text);
  expect(whole).toMatchObject({ candidates: [{ content: { parts: [{ text: 'Yes.' }] } }], modelVersion: 'gemini-x' });
  const { text } = await post('publishers/google/models/gemini-x:streamGenerateContent?alt=sse', contents);
  expect(dataOf(text)).toMatchObject([{ candidates: [{ finishReason: 'STOP' }] }]);
});

it("serves Anthropic's models, with the model in the path", async () => {
  expect(JSON.parse((await post(`${claude}:rawPredict`, message)).text)).toMatchObject({
    type: 'message',
    model: 'claude-x@20250101',
    content: [{ type: 'text', text: 'Yes.' }],
  });
  const { text } = await post(`${claude}:streamRawPredict`, { ...message, stream: true });
  expect(dataOf(text)).toMatchObject([{ type: 'message_start' }, {}, {}, {}, {}, {}, { type: 'message_stop' }]);
});

it('serves others in OpenAI’s format', async () => {
  const open = JSON.parse(
    (await post('endpoints/openapi/chat/completions', { ...chatBody, model: 'meta/llama' })).text,
  );
  expect(open).toMatchObject({ object: 'chat.completion', model: 'meta/llama' });
  const mistral = await post('publishers/mistralai/models/mistral-x:rawPredict', { messages: chatBody.messages });
  expect(JSON.parse(mistral.text)).toMatchObject({ object: 'chat.completion', model: 'mistral-x' });
});

it('embeds by predict', async () => {
  const body = { instances: [{ content: 'a' }, { content: 'b' }], parameters: { outputDimensionality: 4 } };
  const { predictions } = JSON.parse((await post('publishers/google/models/text-embedding-x:predict', body)).text);
  expect(predictions).toHaveLength(2);
  expect(predictions[0].embeddings).toMatchObject({
    values: { length: 4 },
    statistics: { truncated: false, token_count: 1 },
  });
});

it.each([
  ['a model in the body', { model: 'x' }, 'model: Extra inputs are not permitted'],
  ['no version', { anthropic_version: undefined }, 'anthropic_version: Field required'],
  ['no max_tokens', { max_tokens: undefined }, 'max_tokens: Field required'],
])("Anthropic refuses %s in Anthropic's words", async (_what, change, text) => {
  const received = await post(`${claude}:rawPredict`, { ...message, ...change });
  expect(received.status).toBe(400);
  expect(JSON.parse(received.text)).toMatchObject({
    type: 'error',
    error: { type: 'invalid_request_error', message: text },
  });
});

it('the gateway refuses in Google’s words', async () => {
  const keyless = await post(`${claude}:rawPredict`, message, {});
  expect([keyless.status, JSON.parse(keyless.text)]).toMatchObject([
    401,
    { error: { code: 401, status: 'UNAUTHENTICATED' } },
  ]);
  const unknown = await post('publishers/google/models/gemini-x:divine', contents);
  expect([unknown.status, JSON.parse(unknown.text)]).toMatchObject([
    404,
    { error: { code: 404, status: 'NOT_FOUND' } },
  ]);
});

it('errors follow the publisher', async () => {
  simulator.script('vertex-ai', [{ status: 529 }, { status: 429 }, { errorEventAt: 1 }]);
  expect(JSON.parse((await post(`${claude}:rawPredict`, message)).text)).toMatchObject({
    error: { type: 'overloaded_error' },
  });
  const gemini = await post('publishers/google/models/gemini-x:generateContent', contents);
  expect(JSON.parse(gemini.text)).toMatchObject({ error: { status: 'RESOURCE_EXHAUSTED' } });
  const stream = await post(`${claude}:streamRawPredict`, { ...message, stream: true });
  expect(dataOf(stream.text).at(-1)).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
});
