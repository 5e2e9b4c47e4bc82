import { TranslationError, UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Codec, CodecScope, WireRequest } from '../../../core/provider.ts';
import { floatsToBase64 } from '../shared/base64.ts';
import { asNumber, asObject, present } from '../shared/lenient.ts';
import { reportUnknown } from '../shared/report-unknown.ts';
import { modelName } from './model-traits.ts';
import { modelPath } from './request/chat-request.ts';

/**
 * Embeddings over `InvokeModel`, with Amazon Titan and Cohere Embed models. Source: Amazon Bedrock User Guide, "Amazon
 * Titan Embeddings" and "Cohere Embed".
 */
export const embeddingsCodec: Codec = { encode: encodeEmbeddings, decode: decodeEmbeddings };

function encodeEmbeddings(body: JsonObject, scope: CodecScope): WireRequest {
  const model = modelName(scope) ?? '';
  const family = families.find(([pattern]) => pattern.test(model))?.[1];
  if (family === undefined) {
    throw new TranslationError(
      'model',
      `model ${JSON.stringify(scope.model)} is no embedding model known here. Valid are Amazon Titan Embeddings and Cohere Embed; for an ARN name the model in aws_bedrock_model.`,
    );
  }
  const known = new Set(['model', 'input', 'encoding_format', ...family.params]);
  reportUnknown(body, { provider: 'This embedding model', known }, scope);
  return { path: `${modelPath(scope)}/invoke`, body: family.encode(textsOf(body.input), body) };
}

interface Family {
  /** Parameters it knows beyond `input`. */
  readonly params: readonly string[];
  encode(texts: readonly string[], body: JsonObject): JsonObject;
}

const titanImage: Family = {
  params: ['dimensions'],
  encode: (texts, { dimensions }) => ({
    inputText: onlyText(texts),
    ...(dimensions == null ? {} : { embeddingConfig: { outputEmbeddingLength: dimensions } }),
  }),
};

const titan2: Family = {
  params: ['dimensions', 'normalize'],
  encode: (texts, { dimensions, normalize }) => present({ inputText: onlyText(texts), dimensions, normalize }),
};

const titan1: Family = { params: [], encode: (texts) => ({ inputText: onlyText(texts) }) };

const cohere3: Family = {
  params: ['input_type', 'truncate'],
  encode: (texts, { input_type, truncate }) =>
    present({ texts, input_type: input_type ?? 'search_document', truncate }),
};

const cohere4: Family = {
  params: [...cohere3.params, 'dimensions'],
  encode: (texts, body) => present({ ...cohere3.encode(texts, body), output_dimension: body.dimensions }),
};

const families: readonly (readonly [RegExp, Family])[] = [
  [/^amazon\.titan-embed-image/, titanImage],
  [/^amazon\.titan-embed-text-v2/, titan2],
  [/^amazon\.titan-embed/, titan1],
  [/^cohere\.embed-(?:english|multilingual)-v3/, cohere3],
  [/^cohere\.embed/, cohere4],
];

function textsOf(input: unknown): readonly string[] {
  const texts = typeof input === 'string' ? [input] : input;
  if (Array.isArray(texts) && texts.length > 0 && texts.every((text) => typeof text === 'string')) return texts;
  throw new TranslationError('input', 'input must be a text or a list of texts: models on Bedrock take no tokens.');
}

function onlyText(texts: readonly string[]): string {
  const [text = '', second] = texts;
  if (second === undefined) return text;
  throw new TranslationError(
    'input',
    `input holds ${texts.length} texts, and Amazon Titan takes one a call. Send them one by one.`,
  );
}

function decodeEmbeddings(reply: unknown, scope: CodecScope): JsonObject {
  const response = asObject(reply);
  const vectors = vectorsOf(response);
  if (vectors === undefined) throw new UnreadableReplyError('A Bedrock reply without embeddings', reply);
  // Cohere counts tokens in a header only, which a reply's body does not show: 0 then.
  const tokens = asNumber(response.inputTextTokenCount) ?? 0;
  const isBase64 = scope.request.body.encoding_format === 'base64';
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: isBase64 ? floatsToBase64(vector) : vector,
    })),
    model: scope.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Titan's `embedding`; Cohere's `embeddings`, a list or a list by type. */
function vectorsOf({ embedding, embeddings }: JsonObject): readonly (readonly number[])[] | undefined {
  if (isVector(embedding)) return [embedding];
  const listed = Array.isArray(embeddings) ? embeddings : asObject(embeddings).float;
  return Array.isArray(listed) && listed.every(isVector) ? listed : undefined;
}

function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((number) => typeof number === 'number');
}
