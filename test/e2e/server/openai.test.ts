import OpenAI from 'openai';
import { expect, it } from 'vitest';
import { collect } from '../../resources/fakes.ts';
import { served } from '../../support/served.ts';
import { simulated, textOf } from '../../support/simulated.ts';

const simulator = simulated();
const chat = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };

async function client(options: Record<string, unknown> = {}) {
  const server = await served({ config: simulator.target('openai', options) });
  return new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'unused', maxRetries: 0 });
}

it('chats, and tells who answered', async () => {
  const openai = await client();
  simulator.script('openai', [{ text: 'Hello wörld' }]);
  const { data, response, request_id } = await openai.chat.completions.create(chat).withResponse();
  expect(data.choices[0]?.message.content).toBe('Hello wörld');
  expect(request_id).toMatch(/^req_[0-9a-f]{24}$/);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/json',
    'x-portkey-provider': 'openai',
    'x-portkey-last-used-option-index': 'config',
    'x-portkey-retry-attempt-count': '0',
    'x-portkey-cache-status': 'DISABLED',
    'x-portkey-trace-id': expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(simulator.requests('openai')[0]).toMatchObject({ key: 'key-of-openai', body: chat });
});

it('streams with usage, and ends', async () => {
  const openai = await client();
  simulator.script('openai', [{ text: 'Hello wörld, twice.' }]);
  const { data, response } = await openai.chat.completions
    .create({ ...chat, stream: true, stream_options: { include_usage: true } })
    .withResponse();
  const chunks = await collect(data);
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Hello wörld, twice.');
  expect(chunks.at(-1)?.usage?.total_tokens).toBe(5);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
});

it('calls tools, whole and streamed', async () => {
  const openai = await client();
  const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: { type: 'object' } } }];
  const reply = { toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] };
  simulator.script('openai', [reply, reply]);
  const whole = await openai.chat.completions.create({ ...chat, tools });
  const streamed = await openai.chat.completions.stream({ ...chat, tools }).finalChatCompletion();
  for (const { choices } of [whole, streamed]) {
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }] },
    });
  }
});

it('answers in a JSON schema', async () => {
  const openai = await client();
  simulator.script('openai', [{ jsonObject: { city: 'Oslo' } }]);
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const response_format = { type: 'json_schema' as const, json_schema: { name: 'place', strict: true, schema } };
  const { choices } = await openai.chat.completions.parse({ ...chat, response_format });
  expect(choices[0]?.message.content).toBe('{"city":"Oslo"}');
  expect(simulator.bodies('openai')[0]).toMatchObject({ response_format });
});

it('embeds, with base64 on the wire', async () => {
  const openai = await client();
  const { data } = await openai.embeddings.create({ model: 'e', input: 'x', dimensions: 3 });
  expect(simulator.bodies('openai')[0]).toMatchObject({ encoding_format: 'base64' });
  expect(Math.hypot(...(data[0]?.embedding ?? []))).toBeCloseTo(1, 5);
});

it('lists the provider’s models, else those that the config sets', async () => {
  expect((await (await client()).models.list()).data.map(({ id }) => id)).toEqual(['simulated-model']);
  const openai = await client({ override_params: { model: 'gpt-4o-mini' } });
  expect((await openai.models.list()).data).toEqual([
    { id: 'gpt-4o-mini', object: 'model', created: 0, owned_by: 'openai' },
  ]);
  expect((await openai.models.retrieve('simulated-model')).id).toBe('simulated-model');
});

it('runs the responses API, whole and streamed, with named events', async () => {
  const openai = await client();
  simulator.behave('openai', { text: 'Hello there' });
  const created = await openai.responses.create({ model: 'm', input: 'Hi' });
  expect(created.output_text).toBe('Hello there');
  expect((await openai.responses.stream({ model: 'm', input: 'Hi' }).finalResponse()).output_text).toBe('Hello there');
});

it('reaches the other endpoints, files and bytes among them', async () => {
  const openai = await client();
  simulator.behave('openai', { text: 'Hello there' });
  expect((await openai.completions.create({ model: 'm', prompt: 'x' })).choices[0]?.text).toBe('Hello there');
  expect((await openai.moderations.create({ input: 'x' })).results[0]?.flagged).toBe(false);
  expect((await openai.images.generate({ prompt: 'x', model: 'i' })).data).toHaveLength(1);
  const speech = await openai.audio.speech.create({ model: 's', voice: 'alloy', input: 'x' });
  expect((await speech.arrayBuffer()).byteLength).toBe(844);
  const file = new File([new Uint8Array(3)], 'a.wav');
  expect((await openai.audio.transcriptions.create({ model: 'w', file })).text).toBe('Hello there');
  expect(simulator.requests('openai').map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /v1/completions',
    'POST /v1/moderations',
    'POST /v1/images/generations',
    'POST /v1/audio/speech',
    'POST /v1/audio/transcriptions',
  ]);
});

it.each([
  [{ status: 400 }, 'BadRequestError', 400],
  [{ status: 401 }, 'AuthenticationError', 401],
  [{ status: 403 }, 'PermissionDeniedError', 403],
  [{ status: 404 }, 'NotFoundError', 404],
  [{ status: 408 }, 'APIError', 408],
  [{ status: 422 }, 'UnprocessableEntityError', 422],
  [{ status: 429, retryAfter: 7 }, 'RateLimitError', 429],
  [{ status: 500 }, 'InternalServerError', 500],
  [{ html: true }, 'InternalServerError', 502],
  [{ reset: 'before-headers' }, 'InternalServerError', 502],
] as const)('%j is a %s with status %i, target and trace ID', async (reply, name, status) => {
  const openai = await client();
  simulator.script('openai', [reply]);
  const error = await openai.chat.completions
    .create(chat, { headers: { 'x-portkey-trace-id': 'trace-1' } })
    .catch((reason: unknown) => reason as InstanceType<typeof OpenAI.APIError>);
  expect(error).toBeInstanceOf(OpenAI[name]);
  expect(error).toMatchObject({
    status,
    error: { message: expect.stringMatching(/./), provider: 'openai', target: 'config', trace_id: 'trace-1' },
  });
  if ('retryAfter' in reply)
    expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get('retry-after')).toBe('7');
});

it('a stream that breaks after its first content ends with an error', async () => {
  const openai = await client();
  simulator.script('openai', [{ text: 'one two three four', errorEventAt: 3 }]);
  const stream = await openai.chat.completions.create({ ...chat, stream: true });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const chunk of stream) seen.push(chunk.choices[0]?.delta.content ?? '');
  })();
  await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
  expect(seen.join('')).toMatch(/^one/);
});

it('a stream that fails before its first content is a status', async () => {
  const openai = await client();
  simulator.script('openai', [{ errorEventAt: 0 }]);
  await expect(openai.chat.completions.create({ ...chat, stream: true })).rejects.toMatchObject({
    status: expect.any(Number),
    error: { target: 'config' },
  });
});

it('an abort in the middle of a stream closes the provider’s socket', async () => {
  const openai = await client();
  simulator.script('openai', [{ text: 'one two three four five', stallAfterChunks: 3 }]);
  const stream = await openai.chat.completions.create({ ...chat, stream: true });
  for await (const _chunk of stream) break;
  await expect.poll(() => simulator.requests('openai')[0]?.aborted).toBe(true);
});

it('an abort before the answer closes the provider’s socket', async () => {
  const openai = await client();
  simulator.script('openai', [{ silent: true }]);
  const controller = new AbortController();
  const asking = openai.chat.completions.create(chat, { signal: controller.signal });
  await expect.poll(() => simulator.requests('openai')).toHaveLength(1);
  controller.abort();
  await expect(asking).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
  await expect.poll(() => simulator.requests('openai')[0]?.aborted).toBe(true);
});

it('goes through the tree: a fallback answers', async () => {
  const targets = [
    simulator.target('openai'),
    simulator.target('anthropic', { override_params: { model: 'claude-x', max_tokens: 9 } }),
  ];
  const server = await served({ config: { strategy: { mode: 'fallback' }, targets } });
  const openai = new OpenAI({ baseURL: server.url, apiKey: 'unused', maxRetries: 0 });
  simulator.script('openai', [{ status: 500 }]);
  simulator.script('anthropic', [{ text: 'From the second' }]);
  const stream = await openai.chat.completions.create({ ...chat, stream: true }).withResponse();
  expect(await textOf(stream.data)).toBe('From the second');
  expect(stream.response.headers.get('x-portkey-last-used-option-index')).toBe('config.targets[1]');
});
