import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { openai } from '../../../../src/providers/dialects/openai/index.ts';
import { scopeOf } from './scope.ts';

const chat = openai.codecs['chat/completions']!;
const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
};

it('sends the body as the caller gave it, unknown parameters included', () => {
  const body = {
    model: 'gpt-4o',
    messages: [],
    stream: true,
    stream_options: { include_usage: true },
    new_param: { a: 1 },
  };
  const wire = chat.encode(body, scopeOf({ stream: true }));
  expect(wire).toEqual({ method: 'POST', path: '/chat/completions', body });
  expect(wire.body).toBe(body);
});

it('takes a virtual key off the model, and only that', () => {
  expect(chat.encode({ model: '@key/gpt-4o' }, scopeOf()).body).toEqual({ model: 'gpt-4o' });
  const cloudflare = '@cf/meta/llama-3.1-8b-instruct';
  expect(chat.encode({ model: cloudflare }, scopeOf({ model: cloudflare })).body).toEqual({ model: cloudflare });
});

it('leaves its arguments as they are', () => {
  const body = Object.freeze({ model: '@key/gpt-4o', messages: Object.freeze([]) });
  chat.encode(body, scopeOf());
  chat.decode(Object.freeze({ choices: Object.freeze([]) }), scopeOf());
  expect(body.model).toBe('@key/gpt-4o');
});

it('hands a whole reply on without copying it', () => {
  expect(chat.decode(completion, scopeOf())).toBe(completion);
});

it('fills in what a provider left out', () => {
  const { choices } = completion;
  const reply = { choices, usage: { prompt_tokens: 1, completion_tokens: 2 }, citations: ['x'] };
  expect(chat.decode(reply, scopeOf())).toEqual({
    id: 'id-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'gpt-4o',
    choices,
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    citations: ['x'],
  });
});

it.each([
  [
    'an object',
    { error: { message: 'slow down', code: 429 } },
    { name: 'RateLimitError', status: 429, kind: 'rate_limit' },
  ],
  ['a text', { error: 'overloaded' }, { name: 'InternalServerError', status: 529, kind: 'overloaded' }],
  ['a type', { error: { type: 'server_error', message: 'x' } }, { status: 502, kind: 'server' }],
  [
    'Google',
    [{ error: { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' } }],
    { status: 400, kind: 'auth' },
  ],
  [
    'an object named error',
    { object: 'error', message: 'no such model', code: 404 },
    { status: 404, kind: 'not_found' },
  ],
])('throws the error that a 200 carries as %s', (_what, reply, error) => {
  expect(() => chat.decode(reply, scopeOf())).toThrow(expect.objectContaining(error));
});

it.each([
  ['no choices', {}],
  ['choices that are no list', { choices: null }],
  ['an empty error and no choices', { error: null }],
  ['a list', []],
  ['null', null],
  ['text', '<html>'],
])('calls a reply with %s unreadable', (_what, reply) => {
  expect(() => chat.decode(reply, scopeOf())).toThrow(
    expect.objectContaining({ name: 'UnreadableReplyError', status: 502, kind: 'unreadable' }),
  );
});

it('accepts `error: null` beside choices', () => {
  const reply = { ...completion, error: null };
  expect(chat.decode(reply, scopeOf())).toBe(reply);
});

it('reads a stored completion list by GET', () => {
  const scope = scopeOf({
    request: { endpoint: 'chat/completions', body: {}, method: 'GET', path: '/chat/completions' },
  });
  expect(chat.encode({ limit: 2, order: 'asc' }, scope)).toEqual({
    method: 'GET',
    path: '/chat/completions?limit=2&order=asc',
  });
  expect(chat.decode({ object: 'list', data: [] }, scope)).toEqual({ object: 'list', data: [] });
});

it('names the object of a text completion', () => {
  const reply = openai.codecs.completions!.decode({ id: 'c', created: 1, model: 'm', choices: [] }, scopeOf());
  expect(reply['object']).toBe('text_completion');
});

it('reads errors of a failed call', () => {
  expect(openai.decodeError(404, { error: { message: 'no', code: 'model_not_found' } }, { a: 'b' })).toMatchObject({
    status: 404,
    kind: 'not_found',
    headers: { a: 'b' },
  } satisfies JsonObject);
});
