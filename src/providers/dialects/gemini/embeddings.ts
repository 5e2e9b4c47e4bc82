import { TranslationError, UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Codec, CodecScope, WireRequest } from '../../../core/provider.ts';
import { floatsToBase64 } from '../shared/base64.ts';
import { asNumber, asObject, asObjects, present } from '../shared/lenient.ts';
import { type KnownFields, reportUnknown } from '../shared/report-unknown.ts';
import { throwForReply } from './chat-reply.ts';
import { modelPath } from './encode-chat.ts';
import { nativeField } from './native-fields.ts';

/** Embeddings over `batchEmbedContents`. Source: "Embeddings", Gemini API reference. */
export const geminiEmbeddings: Codec = { encode: encodeEmbeddings, decode: decodeEmbeddings };

/** Over Vertex AI's `predict`. Source: "Text embeddings API", Vertex AI reference. */
export const vertexEmbeddings: Codec = { encode: encodePredict, decode: decodePredictions };

function encodeEmbeddings(body: JsonObject, scope: CodecScope): WireRequest {
  reportUnknown(body, known(['taskType', 'task_type', 'title']), scope);
  const path = modelPath(scope.model);
  const common = present({
    model: path.slice(1),
    taskType: nativeField(body, 'taskType'),
    title: body.title,
    outputDimensionality: body.dimensions,
  });
  const requests = textsOf(body.input).map((text) => ({ ...common, content: { parts: [{ text }] } }));
  return { path: `${path}:batchEmbedContents`, body: { requests } };
}

/** The Gemini API counts no tokens of most embedding models: 0 then. */
function decodeEmbeddings(reply: unknown, scope: CodecScope): JsonObject {
  throwForReply(reply);
  const { embeddings, usageMetadata } = asObject(reply);
  const tokens = asNumber(asObject(usageMetadata).promptTokenCount) ?? 0;
  return listOf(
    asObjects(embeddings).map(({ values }) => values),
    tokens,
    { reply, scope },
  );
}

function encodePredict(body: JsonObject, scope: CodecScope): WireRequest {
  reportUnknown(body, known(['taskType', 'task_type', 'title', 'autoTruncate', 'auto_truncate']), scope);
  const common = present({ task_type: nativeField(body, 'taskType'), title: body.title });
  const parameters = present({
    outputDimensionality: body.dimensions,
    autoTruncate: nativeField(body, 'autoTruncate'),
  });
  return {
    path: `${modelPath(scope.model)}:predict`,
    body: { instances: textsOf(body.input).map((content) => ({ ...common, content })), parameters },
  };
}

function decodePredictions(reply: unknown, scope: CodecScope): JsonObject {
  throwForReply(reply);
  const embeddings = asObjects(asObject(reply).predictions).map((prediction) => asObject(prediction.embeddings));
  const counts = embeddings.map(({ statistics }) => asNumber(asObject(statistics).token_count) ?? 0);
  return listOf(
    embeddings.map(({ values }) => values),
    counts.reduce((sum, count) => sum + count, 0),
    { reply, scope },
  );
}

function known(own: readonly string[]): KnownFields {
  return { provider: 'Gemini', known: new Set(['model', 'input', 'dimensions', 'encoding_format', ...own]) };
}

function textsOf(input: unknown): readonly string[] {
  const inputs = typeof input === 'string' ? [input] : input;
  if (Array.isArray(inputs) && inputs.length > 0 && inputs.every((text) => typeof text === 'string')) return inputs;
  throw new TranslationError('input', 'Gemini embeds text: give a string or a list of strings, no token numbers.');
}

/** OpenAI's list. Base64 is made here: Google sends numbers only. */
function listOf(
  vectors: readonly unknown[],
  tokens: number,
  source: { readonly reply: unknown; readonly scope: CodecScope },
): JsonObject {
  if (vectors.length === 0 || !vectors.every(isVector)) {
    throw new UnreadableReplyError('An embeddings reply without vectors', source.reply);
  }
  const base64 = source.scope.request.body.encoding_format === 'base64';
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: base64 ? floatsToBase64(vector) : vector,
    })),
    model: source.scope.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((number) => typeof number === 'number');
}
