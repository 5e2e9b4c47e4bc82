import { TranslationError, UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Codec, CodecScope, WireRequest } from '../../../core/provider.ts';
import { floatsToBase64 } from '../shared/base64.ts';
import { asList, asNumber, asObject, present } from '../shared/lenient.ts';
import { reportUnknown } from '../shared/report-unknown.ts';
import { throwForReply } from './chat-reply.ts';

/**
 * Embeddings over `/v2/embed`. `input_type`, which Cohere demands, is `search_document` where the caller names none. Of
 * several `embedding_types` the first is the `embedding`; unless strict, all are kept as `embeddings`.
 * Source: "Embed", Cohere API v2 reference.
 */
export const cohereEmbeddings: Codec = { encode, decode };

const own = ['embedding_types', 'input_type', 'truncate', 'max_tokens', 'images', 'inputs', 'priority'];
const known = new Set([...own, 'model', 'input', 'dimensions', 'output_dimension', 'encoding_format']);

function encode(body: JsonObject, scope: CodecScope): WireRequest {
  reportUnknown(body, { provider: 'Cohere', known }, scope);
  return {
    path: '/v2/embed',
    body: present({
      input_type: 'search_document',
      embedding_types: ['float'],
      ...present(Object.fromEntries(own.map((field) => [field, body[field]]))),
      model: scope.model,
      texts: textsOf(body),
      output_dimension: body.dimensions ?? body.output_dimension,
    }),
  };
}

function textsOf(body: JsonObject): readonly string[] | undefined {
  const { input } = body;
  if ((input === undefined || input === null) && (Array.isArray(body.images) || Array.isArray(body.inputs))) {
    return undefined;
  }
  const texts = typeof input === 'string' ? [input] : input;
  if (Array.isArray(texts) && texts.length > 0 && texts.every((text) => typeof text === 'string')) return texts;
  throw new TranslationError('input', 'Cohere embeds text: give a string or a list of strings, no token numbers.');
}

function decode(reply: unknown, scope: CodecScope): JsonObject {
  throwForReply(reply);
  const { embeddings, meta } = asObject(reply);
  const byType = asObject(embeddings);
  const type = asList(scope.request.body.embedding_types)
    .map(String)
    .find((asked) => asked in byType);
  const vectors = byType[type ?? Object.keys(byType)[0] ?? 'float'];
  if (!Array.isArray(vectors) || vectors.length === 0) {
    throw new UnreadableReplyError('A Cohere reply without embeddings', reply);
  }
  const base64 = scope.request.body.encoding_format === 'base64';
  const tokens = tokensOf(asObject(meta));
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: base64 && Array.isArray(vector) ? floatsToBase64(vector) : vector,
    })),
    model: scope.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    ...(scope.strict ? {} : { embeddings: byType }),
  };
}

function tokensOf(meta: JsonObject): number {
  return asNumber(asObject(meta.tokens).input_tokens) ?? asNumber(asObject(meta.billed_units).input_tokens) ?? 0;
}
