import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../../src/core/endpoint.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { Codec, Dialect } from '../../../../src/core/provider.ts';
import { gemini, vertexGemini } from '../../../../src/providers/dialects/gemini/index.ts';
import { deepFreeze, scopeOf } from '../support/codec.ts';

function codecOf(dialect: Dialect, endpoint: Endpoint): Codec {
  const codec = dialect.codecs[endpoint];
  if (codec === undefined) throw new Error(`${dialect.name} lacks ${endpoint}`);
  return codec;
}

describe('decodeError', () => {
  const errorOf = (error: JsonObject) => ({ error });
  const retryInfo = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay });

  it.each<[string, number, JsonObject, JsonObject]>([
    [
      'a bad key',
      400,
      {
        code: 400,
        message: 'API key not valid. Please pass a valid API key.',
        status: 'INVALID_ARGUMENT',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
      },
      { status: 400, kind: 'auth', type: 'INVALID_ARGUMENT', code: 'API_KEY_INVALID' },
    ],
    [
      'a prompt too long',
      400,
      {
        code: 400,
        message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
        status: 'INVALID_ARGUMENT',
      },
      { status: 400, kind: 'context_window' },
    ],
    [
      'a bad argument',
      400,
      { code: 400, message: 'Invalid value at ...', status: 'INVALID_ARGUMENT' },
      { status: 400, kind: 'invalid_request', message: 'Invalid value at ...' },
    ],
    [
      'no permission',
      403,
      { code: 403, message: 'denied', status: 'PERMISSION_DENIED' },
      { status: 403, kind: 'auth' },
    ],
    [
      'no such model',
      404,
      { code: 404, message: 'not found', status: 'NOT_FOUND' },
      { status: 404, kind: 'not_found' },
    ],
    ['overload', 503, { code: 503, message: 'overloaded', status: 'UNAVAILABLE' }, { status: 503, kind: 'overloaded' }],
    ['a fault', 500, { code: 500, message: 'An internal error', status: 'INTERNAL' }, { status: 500, kind: 'server' }],
    ['slowness', 504, { code: 504, message: 'late', status: 'DEADLINE_EXCEEDED' }, { status: 504, kind: 'timeout' }],
  ])('reads %s', (_, status, error, facts) => {
    expect(gemini.decodeError(status, errorOf(error), {})).toMatchObject(facts);
    expect(vertexGemini.decodeError(status, [errorOf(error)], {})).toMatchObject(facts);
  });

  const quota = {
    code: 429,
    message: 'You exceeded your current quota, please check your plan and billing details.',
    status: 'RESOURCE_EXHAUSTED',
  };

  it('takes an exhausted quota for a rate limit although its words speak of billing', () => {
    expect(gemini.decodeError(429, errorOf(quota), {})).toMatchObject({ status: 429, kind: 'rate_limit' });
  });

  it.each([
    ['34s', {}, { 'retry-after': '34' }],
    ['34.074824224s', {}, { 'retry-after': '35' }],
    ['0s', { server: 'scaffolding' }, { server: 'scaffolding', 'retry-after': '0' }],
    ['34s', { 'retry-after': '5' }, { 'retry-after': '5' }],
    ['soon', {}, {}],
  ])('turns a retry delay of %s beside %j into %j', (delay, headers, expected) => {
    const error = { ...quota, details: [{ '@type': 'x' }, retryInfo(delay)] };
    expect(gemini.decodeError(429, [errorOf(error)], headers).headers).toEqual(expected);
  });
});

describe('embeddings', () => {
  const endpoint = 'embeddings' as const;
  const google = codecOf(gemini, endpoint);
  const vertex = codecOf(vertexGemini, endpoint);
  const model = 'gemini-embedding-001';
  const listOf = (vectors: readonly unknown[], tokens: number) => ({
    object: 'list',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });

  it('send every text with its options', () => {
    const body = deepFreeze({
      model,
      input: ['a', 'b'],
      dimensions: 2,
      task_type: 'RETRIEVAL_DOCUMENT',
      title: 'T',
      user: 'u',
    });
    const scope = scopeOf({ model, body });
    const common = { model: 'models/gemini-embedding-001', taskType: 'RETRIEVAL_DOCUMENT', title: 'T' };
    expect(google.encode(body, scope)).toEqual({
      path: '/models/gemini-embedding-001:batchEmbedContents',
      body: {
        requests: [
          { ...common, outputDimensionality: 2, content: { parts: [{ text: 'a' }] } },
          { ...common, outputDimensionality: 2, content: { parts: [{ text: 'b' }] } },
        ],
      },
    });
    expect(scope.dropped).toEqual(['user']);
  });

  it('go over predict on Vertex AI', () => {
    const body = deepFreeze({ input: 'a', dimensions: 2, taskType: 'CLUSTERING', auto_truncate: false });
    const scope = scopeOf({ model, body });
    expect(vertex.encode(body, scope)).toEqual({
      path: '/models/gemini-embedding-001:predict',
      body: {
        instances: [{ content: 'a', task_type: 'CLUSTERING' }],
        parameters: { outputDimensionality: 2, autoTruncate: false },
      },
    });
    expect(scope.dropped).toEqual([]);
  });

  it('come back as OpenAI’s list', () => {
    const reply = deepFreeze({ embeddings: [{ values: [0.5, -1] }, { values: [2, 3] }] });
    expect(google.decode(reply, scopeOf({ model }))).toEqual(
      listOf(
        [
          [0.5, -1],
          [2, 3],
        ],
        0,
      ),
    );
    const predictions = [3, 4].map((token_count) => ({ embeddings: { values: [0.5], statistics: { token_count } } }));
    expect(vertex.decode({ predictions }, scopeOf({ model }))).toEqual(listOf([[0.5], [0.5]], 7));
  });

  it('are packed as little-endian floats when base64 is asked for', () => {
    const scope = scopeOf({ model, body: { encoding_format: 'base64' } });
    const reply = { embeddings: [{ values: [0.5, -1] }], usageMetadata: { promptTokenCount: 3 } };
    expect(google.decode(reply, scope)).toEqual(listOf(['AAAAPwAAgL8='], 3));
  });

  it.each([[undefined], [[]], [[1, 2]], [[[1, 2]]], [['a', 1]]])('refuse an input of %j', (input) => {
    const refusal = expect.objectContaining({ kind: 'translation', param: 'input' });
    expect(() => google.encode({ input }, scopeOf({ model }))).toThrow(refusal);
    expect(() => vertex.encode({ input }, scopeOf({ model }))).toThrow(refusal);
  });

  it.each([{}, { embeddings: [] }, { embeddings: [{}] }, { embeddings: [{ values: ['a'] }] }])(
    'that are not there are unreadable: %j',
    (reply) => {
      expect(() => google.decode(reply, scopeOf())).toThrow(expect.objectContaining({ kind: 'unreadable' }));
      expect(() => vertex.decode(reply, scopeOf())).toThrow(expect.objectContaining({ kind: 'unreadable' }));
    },
  );
});

describe('models', () => {
  const models = codecOf(gemini, 'models');
  const scopeAt = (path?: string) => scopeOf({ request: { endpoint: 'models', body: {}, ...(path && { path }) } });
  const model = { id: 'gemini-2.5-pro', object: 'model', created: 0, owned_by: 'google' };

  it.each([
    [undefined, { method: 'GET', path: '/models', query: { pageSize: '1000' } }],
    ['/models', { method: 'GET', path: '/models', query: { pageSize: '1000' } }],
    ['/models/gemini-2.5-pro', { method: 'GET', path: '/models/gemini-2.5-pro' }],
    ['/models/models/gemini-2.5-pro', { method: 'GET', path: '/models/gemini-2.5-pro' }],
  ])('at %s are asked for', (path, wire) => {
    expect(models.encode({}, scopeAt(path))).toEqual(wire);
  });

  it('are listed, or told one by one', () => {
    const reply = { models: [{ name: 'models/gemini-2.5-pro', displayName: 'Gemini 2.5 Pro' }] };
    expect(models.decode(reply, scopeAt())).toEqual({ object: 'list', data: [model] });
    expect(models.decode({ name: 'models/gemini-2.5-pro' }, scopeAt())).toEqual(model);
    expect(() => models.decode({}, scopeAt())).toThrow(expect.objectContaining({ kind: 'unreadable' }));
  });
});
