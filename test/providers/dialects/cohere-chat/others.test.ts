import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../../src/core/endpoint.ts';
import type { Codec } from '../../../../src/core/provider.ts';
import { cohereChat } from '../../../../src/providers/dialects/cohere-chat/index.ts';
import { deepFreeze, scopeOf } from '../support/codec.ts';

function codecOf(endpoint: Endpoint): Codec {
  const codec = cohereChat.codecs[endpoint];
  if (codec === undefined) throw new Error(`no codec for ${endpoint}`);
  return codec;
}

describe('decodeError', () => {
  it.each([
    [400, { message: 'invalid request: message must be at least 1 token long' }, 'invalid_request'],
    [400, { message: 'too many tokens: size limit exceeded by 100 tokens' }, 'context_window'],
    [401, { message: 'invalid api token' }, 'auth'],
    [404, { id: 'x', message: "model 'nope' not found" }, 'not_found'],
    [429, { message: 'You are using a Trial key, which is limited to 20 API calls / minute.' }, 'rate_limit'],
    [498, { message: 'invalid token' }, 'content_policy'],
    [500, { id: 'x', message: 'internal server error' }, 'server'],
    [504, 'upstream timeout', 'timeout'],
  ])('reads %i %j as %s', (status, body, kind) => {
    const message = typeof body === 'string' ? body : body.message;
    const headers = { 'x-request-id': 'r' };
    expect(cohereChat.decodeError(status, body, headers)).toMatchObject({ status, kind, message, headers });
  });
});

describe('embeddings', () => {
  const codec = codecOf('embeddings');
  const model = 'embed-v4.0';
  const listOf = (vectors: readonly unknown[], tokens: number) => ({
    object: 'list',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
  const meta = { billed_units: { input_tokens: 3 } };

  it.each([
    [{ input: 'a' }, { texts: ['a'], input_type: 'search_document', embedding_types: ['float'] }, []],
    [
      { input: ['a', 'b'], dimensions: 256, input_type: 'search_query', truncate: 'END', user: 'u' },
      {
        texts: ['a', 'b'],
        input_type: 'search_query',
        embedding_types: ['float'],
        output_dimension: 256,
        truncate: 'END',
      },
      ['user'],
    ],
    [
      { images: ['data:image/png;base64,AA=='], input_type: 'image', embedding_types: ['int8'] },
      { images: ['data:image/png;base64,AA=='], input_type: 'image', embedding_types: ['int8'] },
      [],
    ],
  ])('of %j ask for %j', (body, expected, reported) => {
    const scope = scopeOf({ model, body });
    expect(codec.encode(deepFreeze(body), scope)).toEqual({ path: '/v2/embed', body: { model, ...expected } });
    expect(scope.dropped).toEqual(reported);
  });

  it.each([[undefined], [[]], [[1, 2]], [3]])('refuse an input of %j', (input) => {
    expect(() => codec.encode({ input }, scopeOf({ model }))).toThrow(
      expect.objectContaining({ kind: 'translation', param: 'input' }),
    );
  });

  it('come back as OpenAI’s list', () => {
    const float = [
      [0.5, -1],
      [2, 3],
    ];
    expect(codec.decode(deepFreeze({ embeddings: { float }, meta }), scopeOf({ model }))).toEqual(listOf(float, 3));
    expect(
      codec.decode(
        { embeddings: { float: [[0.5, -1]] }, meta: { ...meta, tokens: { input_tokens: 5 } } },
        scopeOf({ model, body: { encoding_format: 'base64' } }),
      ),
    ).toEqual(listOf(['AAAAPwAAgL8='], 5));
  });

  it('of several types give the first one asked for, and keep all unless strict', () => {
    const embeddings = { float: [[0.5]], int8: [[1]] };
    const body = { embedding_types: ['int8', 'float'] };
    expect(codec.decode({ embeddings, meta }, scopeOf({ model, body }))).toEqual(listOf([[1]], 3));
    expect(codec.decode({ embeddings, meta }, scopeOf({ model, body, strict: false }))).toEqual({
      ...listOf([[1]], 3),
      embeddings,
    });
  });

  it.each([{}, { embeddings: {} }, { embeddings: { float: [] } }])('that are not there are unreadable: %j', (reply) => {
    expect(() => codec.decode(reply, scopeOf({ model }))).toThrow(expect.objectContaining({ kind: 'unreadable' }));
  });
});

describe('models', () => {
  const codec = codecOf('models');
  const scopeAt = (path?: string) => scopeOf({ request: { endpoint: 'models', body: {}, ...(path && { path }) } });
  const model = { id: 'command-a-03-2025', object: 'model', created: 0, owned_by: 'cohere' };

  it.each([
    [undefined, { method: 'GET', path: '/v1/models', query: { page_size: '1000' } }],
    ['/models/command-a-03-2025', { method: 'GET', path: '/v1/models/command-a-03-2025' }],
  ])('at %s are asked for', (path, wire) => {
    expect(codec.encode({}, scopeAt(path))).toEqual(wire);
  });

  it('are listed, or told one by one', () => {
    const given = { name: 'command-a-03-2025', endpoints: ['chat'] };
    expect(codec.decode({ models: [given] }, scopeAt())).toEqual({ object: 'list', data: [model] });
    expect(codec.decode(given, scopeAt())).toEqual(model);
    expect(() => codec.decode({}, scopeAt())).toThrow(expect.objectContaining({ kind: 'unreadable' }));
  });
});
