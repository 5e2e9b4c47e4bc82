import Anthropic from '@anthropic-ai/sdk';
import { expect, it } from 'vitest';
import { collect } from '../../resources/fakes.ts';
import { served } from '../../support/served.ts';
import { simulated } from '../../support/simulated.ts';

const simulator = simulated();
const params = { model: 'claude-x', max_tokens: 64, messages: [{ role: 'user' as const, content: 'Hi' }] };

async function client(provider: string) {
  const server = await served({ config: simulator.target(provider) });
  return new Anthropic({ baseURL: server.url, apiKey: 'unused', maxRetries: 0 });
}

it.each(['anthropic', 'openai'])('creates a message, %s answering', async (provider) => {
  const anthropic = await client(provider);
  simulator.script(provider, [{ text: 'Hello there' }]);
  const message = await anthropic.messages.create(params);
  expect(message).toMatchObject({
    type: 'message',
    role: 'assistant',
    content: [{ type: 'text', text: 'Hello there' }],
  });
  expect(message.usage).toMatchObject({ output_tokens: 2 });
});

it.each(['anthropic', 'openai'])('streams text and tool calls with named events, %s answering', async (provider) => {
  const anthropic = await client(provider);
  simulator.script(provider, [{ text: 'So.', toolCalls: [{ name: 'f', arguments: { city: 'New York' } }] }]);
  const tools = [{ name: 'f', input_schema: { type: 'object' as const } }];
  const stream = anthropic.messages.stream({ ...params, tools });
  const texts: string[] = [];
  stream.on('text', (text) => texts.push(text));
  const message = await stream.finalMessage();
  expect(texts.join('')).toBe('So.');
  expect(message.stop_reason).toBe('tool_use');
  expect(message.content).toMatchObject([
    { type: 'text', text: 'So.' },
    { type: 'tool_use', name: 'f', input: { city: 'New York' } },
  ]);
});

it('counts tokens and lists models', async () => {
  const anthropic = await client('anthropic');
  const { max_tokens: _, ...count } = params;
  expect(await anthropic.messages.countTokens(count)).toEqual({ input_tokens: 1 });
  expect((await anthropic.models.list()).data.map(({ id }) => id)).toEqual(['simulated-model']);
});

it('hands anthropic-beta on to Anthropic', async () => {
  const anthropic = await client('anthropic');
  await anthropic.messages.create(params, { headers: { 'anthropic-beta': 'context-1m-2025-08-07' } });
  expect(simulator.requests('anthropic')[0]?.headers).toMatchObject({
    'anthropic-beta': 'context-1m-2025-08-07',
    'x-api-key': 'key-of-anthropic',
  });
});

it('takes the key of the server as x-api-key, and never hands it on', async () => {
  const server = await served({ config: simulator.target('anthropic'), keys: ['server-key-1'] });
  const anthropic = (apiKey: string) => new Anthropic({ baseURL: server.url, apiKey, maxRetries: 0 });
  await anthropic('server-key-1').messages.create(params);
  expect(JSON.stringify(simulator.requests('anthropic'))).not.toContain('server-key-1');
  await expect(anthropic('server-key-2').messages.create(params)).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
});

it.each([
  [{ error: 'context_window' }, 'BadRequestError', 'invalid_request_error'],
  [{ status: 401 }, 'AuthenticationError', 'authentication_error'],
  [{ status: 403 }, 'PermissionDeniedError', 'permission_error'],
  [{ status: 404 }, 'NotFoundError', 'not_found_error'],
  [{ status: 408 }, 'APIError', 'timeout_error'],
  [{ status: 429 }, 'RateLimitError', 'rate_limit_error'],
  [{ status: 500 }, 'InternalServerError', 'api_error'],
  [{ status: 529 }, 'InternalServerError', 'overloaded_error'],
] as const)('%j is a %s of type %s', async (reply, name, type) => {
  const anthropic = await client('anthropic');
  simulator.script('anthropic', [reply]);
  const error = await anthropic.messages.create(params).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Anthropic[name]);
  expect(error).toMatchObject({
    type,
    error: { type: 'error', error: { message: expect.stringMatching(/./), target: 'config' } },
  });
});

it('a stream that breaks ends with an error of Anthropic’s shape', async () => {
  const anthropic = await client('openai');
  simulator.script('openai', [{ text: 'one two three four', errorEventAt: 3 }]);
  const stream = await anthropic.messages.create({ ...params, stream: true });
  const reading = collect(stream);
  await expect(reading).rejects.toMatchObject({
    error: { type: 'error', error: { message: expect.stringMatching(/./) } },
  });
});

it('an abort in the middle of a stream closes the provider’s socket', async () => {
  const anthropic = await client('anthropic');
  simulator.script('anthropic', [{ text: 'one two three four five', stallAfterChunks: 5 }]);
  const stream = await anthropic.messages.create({ ...params, stream: true });
  for await (const event of stream) if (event.type === 'content_block_delta') break;
  await expect.poll(() => simulator.requests('anthropic')[0]?.aborted).toBe(true);
});
