import { expect, it } from 'vitest';
import { APIError, UnreadableReplyError } from '../../src/index.ts';
import { errorOf, fallback, hello, helloStream, inShort, simulated, textOf } from '../support/simulated.ts';

const simulator = simulated();

const brokenArguments = {
  ...hello,
  max_tokens: 50,
  messages: [
    { role: 'user' as const, content: 'What is the weather?' },
    {
      role: 'assistant' as const,
      content: null,
      tool_calls: [
        { id: 'call_1', type: 'function' as const, function: { name: 'weather', arguments: '{"city": "Par' } },
      ],
    },
    { role: 'tool' as const, tool_call_id: 'call_1', content: 'sunny' },
  ],
};

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

it('goes on from a target whose format cannot express the request, without asking it', async () => {
  const config = fallback([simulator.target('anthropic'), simulator.target('openai')]);
  const reply = await simulator.client(config).chat.completions.create(frozen(structuredClone(brokenArguments)));
  expect(simulator.called()).toEqual(['openai']);
  expect(simulator.bodies('openai')).toEqual([brokenArguments]);
  expect(inShort(reply.attempts)).toEqual([
    'targets[0] anthropic failure 400 translation',
    'targets[1] openai success 200',
  ]);
});

it('gives every target the caller’s own body, whatever the ones before made of it', async () => {
  simulator.behave('anthropic', { status: 500 });
  simulator.behave('google', { status: 500 });
  const body = frozen({
    ...structuredClone(hello),
    max_tokens: 50,
    temperature: 0.5,
    tools: [{ type: 'function' as const, function: { name: 'f', parameters: { type: 'object', properties: {} } } }],
  });
  const config = fallback([
    simulator.target('anthropic', { override_params: { model: 'claude', temperature: 1 }, drop_params: ['tools'] }),
    simulator.target('google', { override_params: { model: 'gemini' }, default_params: { seed: 3 } }),
    simulator.target('openai'),
  ]);
  await simulator.client(config).chat.completions.create(body);
  expect(simulator.called()).toEqual(['anthropic', 'google', 'openai']);
  expect(simulator.bodies('openai')).toEqual([body]);
});

it.each<[string, object, string, string?]>([
  ['an error in a 200', { errorIn200: true }, '200 server'],
  ['a rate limit in a 200', { errorIn200: true, error: 'rate_limit' }, '200 rate_limit'],
  ['HTML with 200', { html: true }, '200 unreadable'],
  ['JSON of another shape', { body: { ok: true } }, '200 unreadable'],
  ['a JSON list', { body: [] }, '200 unreadable'],
  ['an empty body', { body: '' }, '200 unreadable', '200 truncated'],
  ['plain text', { body: 'ok' }, '200 unreadable', '200 truncated'],
  ['HTML with 502', { status: 502, html: true }, '502 server'],
  ['nothing with 503', { status: 503, body: '' }, '503 server'],
  ['an error of a shape nobody knows', { status: 418, body: { detail: [1] } }, '418 invalid_request'],
])('takes %s for a failure, whole or streamed', async (...[, behaviour, whole, streamed = whole]) => {
  simulator.behave('broken', behaviour);
  const config = fallback([simulator.target('broken', { provider: 'openai' }), simulator.target('openai')]);
  const portkey = simulator.client(config);
  const attempts = (failure: string) => [`targets[0] openai failure ${failure}`, 'targets[1] openai success 200'];
  const reply = await portkey.chat.completions.create(hello);
  expect(inShort(reply.attempts)).toEqual(attempts(whole));
  const stream = await portkey.chat.completions.create(helloStream);
  expect(await textOf(stream)).toBe(reply.choices[0]?.message.content);
  expect(inShort(stream.attempts)).toEqual(attempts(streamed));
});

it.each<[string, object, string]>([
  ['truncated JSON', { truncatedJson: true }, '200 unreadable'],
  ['a body that breaks off', { reset: 'in-body' }, '200 network'],
])('takes %s for a failure', async (_, behaviour, failure) => {
  simulator.behave('broken', behaviour);
  const config = fallback([simulator.target('broken', { provider: 'openai' }), simulator.target('openai')]);
  const reply = await simulator.client(config).chat.completions.create(hello);
  expect(inShort(reply.attempts)).toEqual([`targets[0] openai failure ${failure}`, 'targets[1] openai success 200']);
});

it.each(['openai', 'anthropic', 'google', 'cohere', 'azure-openai', 'bedrock', 'vertex-ai'])(
  'takes a 200 of another shape from %s for a failure',
  async (provider) => {
    simulator.behave(provider, { body: { ok: true } });
    const config = simulator.target(provider, credentialsOf(provider));
    const error = await errorOf(
      simulator.client(config).chat.completions.create({ ...hello, max_tokens: 50 }),
      UnreadableReplyError,
    );
    expect(error).toMatchObject({ status: 502, kind: 'unreadable' });
  },
);

function credentialsOf(provider: string): Record<string, unknown> {
  if (provider === 'bedrock') return { aws_access_key_id: 'AKIA', aws_secret_access_key: 's', aws_region: 'us-east-1' };
  return provider === 'vertex-ai' ? { vertex_project_id: 'p', vertex_region: 'us-central1' } : {};
}

it('rejects with the last of all failures, each listed with its kind', async () => {
  simulator.behave('a', { html: true });
  simulator.behave('b', { errorIn200: true, error: 'rate_limit' });
  simulator.behave('anthropic', { status: 529 });
  const config = fallback([
    simulator.target('a', { provider: 'openai' }),
    simulator.target('b', { provider: 'openai', retry: { attempts: 0 } }),
    { virtual_key: 'unknown' },
    simulator.target('anthropic', { name: 'last' }),
  ]);
  const ends: unknown[] = [];
  const portkey = simulator
    .client(config)
    .on('request-end', (event) => ends.push([event.traceId, event.outcome.error]));
  const call = portkey.chat.completions.create({ ...hello, max_tokens: 5 }, { traceID: 'trace-1' });
  const error = await errorOf(call, APIError);
  expect(inShort(error.attempts)).toEqual([
    'targets[0] openai failure 200 unreadable',
    'targets[1] openai failure 200 rate_limit',
    'targets[2] failure 401 auth',
    'targets[3] anthropic failure 529 overloaded',
  ]);
  expect(error).toMatchObject({
    status: 529,
    kind: 'overloaded',
    traceId: 'trace-1',
    target: { path: 'config.targets[3]', name: 'last', provider: 'anthropic' },
  });
  expect(ends).toEqual([['trace-1', error]]);
});

it('goes on from an endpoint that a provider does not serve and an address that is none', async () => {
  const config = fallback([
    simulator.target('openai', { custom_host: 'http://127.0.0.1:1' }),
    { provider: 'azure-openai', api_key: 'k' },
    simulator.target('nomic'),
    simulator.target('openai'),
  ]);
  const reply = await simulator.client(config).chat.completions.create(hello);
  expect(inShort(reply.attempts)).toEqual([
    'targets[0] openai failure - network',
    'targets[1] azure-openai failure 400 translation',
    'targets[2] nomic failure 404 not_found',
    'targets[3] openai success 200',
  ]);
});
