import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { CodecScope } from '../../../../src/core/provider.ts';
import { codecOf, deepFreeze, models, scopeOf } from './support.ts';

const titan2 = 'amazon.titan-embed-text-v2:0';
const titan1 = 'amazon.titan-embed-text-v1';
const cohere3 = 'cohere.embed-english-v3';
const cohere4 = 'us.cohere.embed-v4:0';

function encode(body: JsonObject, options: Partial<CodecScope> = {}) {
  const frozen = deepFreeze(body);
  const scope = scopeOf({ ...options, body: frozen });
  return { wire: codecOf('embeddings').encode(frozen, scope), dropped: scope.dropped };
}

describe('a request', () => {
  it.each<[model: string, body: JsonObject, wire: JsonObject, dropped: readonly string[]]>([
    [titan1, { input: 'a' }, { path: '/model/amazon.titan-embed-text-v1/invoke', body: { inputText: 'a' } }, []],
    [
      titan1,
      { input: ['a'], dimensions: 256 },
      { path: '/model/amazon.titan-embed-text-v1/invoke', body: { inputText: 'a' } },
      ['dimensions'],
    ],
    [
      titan2,
      { input: ['a'], dimensions: 256, normalize: false, encoding_format: 'base64', user: 'u' },
      {
        path: '/model/amazon.titan-embed-text-v2%3A0/invoke',
        body: { inputText: 'a', dimensions: 256, normalize: false },
      },
      ['user'],
    ],
    [
      'amazon.titan-embed-image-v1',
      { input: 'a', dimensions: 384 },
      {
        path: '/model/amazon.titan-embed-image-v1/invoke',
        body: { inputText: 'a', embeddingConfig: { outputEmbeddingLength: 384 } },
      },
      [],
    ],
    [
      cohere3,
      { input: ['a', 'b'], dimensions: 256 },
      { path: '/model/cohere.embed-english-v3/invoke', body: { texts: ['a', 'b'], input_type: 'search_document' } },
      ['dimensions'],
    ],
    [
      cohere4,
      { input: 'a', dimensions: 256, input_type: 'search_query', truncate: 'END' },
      {
        path: '/model/us.cohere.embed-v4%3A0/invoke',
        body: { texts: ['a'], input_type: 'search_query', truncate: 'END', output_dimension: 256 },
      },
      [],
    ],
  ])('to %s with %j', (model, body, wire, dropped) => {
    expect(encode(body, { model })).toEqual({ wire, dropped });
  });

  it('goes by aws_bedrock_model where the ID does not tell the model', () => {
    const { wire } = encode({ input: 'a' }, { model: models.profile, settings: { bedrockModel: titan2 } });
    expect(wire).toEqual({
      path: '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fabc123/invoke',
      body: { inputText: 'a' },
    });
  });

  it.each<[model: string, input: unknown, param: string, message: string]>([
    [titan2, ['a', 'b'], 'input', '400 input holds 2 texts, and Amazon Titan takes one a call. Send them one by one.'],
    [titan2, [1, 2], 'input', '400 input must be a text or a list of texts: models on Bedrock take no tokens.'],
    [titan2, [], 'input', '400 input must be a text or a list of texts: models on Bedrock take no tokens.'],
    [
      models.nova,
      'a',
      'model',
      '400 model "us.amazon.nova-pro-v1:0" is no embedding model known here. Valid are Amazon Titan Embeddings and Cohere Embed; for an ARN name the model in aws_bedrock_model.',
    ],
  ])('to %s with %j is refused', (model, input, param, message) => {
    expect(() => encode({ input }, { model })).toThrow(
      expect.objectContaining({ name: 'TranslationError', param, message }),
    );
  });
});

describe('a reply', () => {
  const decode = (reply: unknown, body: JsonObject = {}) =>
    codecOf('embeddings').decode(deepFreeze(reply), scopeOf({ model: titan2, body }));
  const item = (embedding: unknown, index = 0) => ({ object: 'embedding', index, embedding });

  it.each<[name: string, reply: unknown, data: unknown, tokens: number]>([
    ['Titan', { embedding: [0.5, -1], inputTextTokenCount: 3 }, [item([0.5, -1])], 3],
    ['Cohere', { embeddings: [[1], [2]], response_type: 'embeddings_floats' }, [item([1]), item([2], 1)], 0],
    [
      'Cohere by type',
      { embeddings: { float: [[1], [2]] }, response_type: 'embeddings_by_type' },
      [item([1]), item([2], 1)],
      0,
    ],
  ])('of %s', (_name, reply, data, tokens) => {
    expect(decode(reply)).toEqual({
      object: 'list',
      data,
      model: titan2,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    });
  });

  it('is base64 of 32-bit floats where asked for', () => {
    expect(decode({ embedding: [1, -2] }, { encoding_format: 'base64' })).toMatchObject({
      data: [item('AACAPwAAAMA=')],
    });
  });

  it.each([{}, { embedding: [] }, { embeddings: { int8: [[1]] } }, { embeddings: ['x'] }, 'x', null])(
    'without vectors is unreadable: %j',
    (reply) => {
      expect(() => decode(reply)).toThrow(expect.objectContaining({ name: 'UnreadableReplyError' }));
    },
  );
});
