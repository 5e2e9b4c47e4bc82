import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';

let simulator: Simulator;
let client: Anthropic;
beforeAll(async () => {
  simulator = await startSimulator({ providers: { anthropic: { text: 'Hello wörld, twice.' } } });
  client = new Anthropic({ apiKey: 'key-1', baseURL: `${simulator.url}/anthropic`, maxRetries: 0 });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const params = { model: 'claude-x', max_tokens: 64, messages: [{ role: 'user' as const, content: 'Hi' }] };

it('creates a message', async () => {
  const { data, request_id } = await client.messages.create(params).withResponse();
  expect(data.content).toEqual([{ type: 'text', text: 'Hello wörld, twice.' }]);
  expect(data.usage).toMatchObject({ input_tokens: 1, output_tokens: 3 });
  expect(request_id).toMatch(/^req_/);
});

it('streams, and puts thinking, text and tool input together', async () => {
  simulator.script('anthropic', [
    { reasoning: 'Let me think', text: 'So.', toolCalls: [{ name: 'f', arguments: { city: 'New York' } }] },
  ]);
  const stream = client.messages.stream(params);
  const texts: string[] = [];
  stream.on('text', (text) => texts.push(text));
  const message = await stream.finalMessage();
  expect(texts).toEqual(['So.']);
  expect(message.content).toMatchObject([
    { type: 'thinking', thinking: 'Let me think', signature: expect.stringMatching(/.+/) },
    { type: 'text', text: 'So.' },
    { type: 'tool_use', name: 'f', input: { city: 'New York' } },
  ]);
  expect(message.stop_reason).toBe('tool_use');
});

it('counts tokens and lists models', async () => {
  const { max_tokens: _, ...count } = params;
  expect(await client.messages.countTokens(count)).toEqual({ input_tokens: 1 });
  expect((await client.models.list()).data.map((model) => model.id)).toEqual(['simulated-model']);
});

it.each([
  [{ error: 'context_window' }, 'BadRequestError', 'invalid_request_error'],
  [{ status: 401 }, 'AuthenticationError', 'authentication_error'],
  [{ status: 403 }, 'PermissionDeniedError', 'permission_error'],
  [{ status: 404 }, 'NotFoundError', 'not_found_error'],
  [{ status: 422 }, 'UnprocessableEntityError', 'invalid_request_error'],
  [{ status: 429 }, 'RateLimitError', 'rate_limit_error'],
  [{ status: 529 }, 'InternalServerError', 'overloaded_error'],
] as const)('%j is a %s of type %s', async (reply, name, type) => {
  simulator.script('anthropic', [reply]);
  const error = await client.messages.create(params).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Anthropic[name]);
  expect(error).toMatchObject({ type, requestID: expect.stringMatching(/^req_/) });
});

it('an error event breaks the stream off with an error of its type', async () => {
  simulator.script('anthropic', [{ errorEventAt: 4, error: 'overloaded' }]);
  await expect(client.messages.stream(params).finalMessage()).rejects.toMatchObject({ type: 'overloaded_error' });
});
