import type { ErrorFacts } from '../../../core/errors/api-error.ts';
import { TranslationError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Codec, CodecScope, Dialect, WireRequest } from '../../../core/provider.ts';
import type { HeaderMap } from '../../../core/reply.ts';
import { anthropicMessages } from '../anthropic-messages/index.ts';
import { vertexGemini } from '../gemini/index.ts';
import { openai } from '../openai/index.ts';
import { proxy } from '../openai/proxy.ts';
import { asObject, present } from '../shared/lenient.ts';
import { type VertexModel, vertexModel } from './vertex-model.ts';

/**
 * Vertex AI: the wire format follows from the model. Gemini, Claude (over `rawPredict`) and OpenAI's for all others, each
 * at its own path below project and location.
 */
export const vertexAi: Dialect = {
  name: 'vertex-ai',
  framing: 'sse',
  codecs: {
    'chat/completions': {
      ...byModel('chat/completions'),
      decodeStream: (scope) => streamDecoder('chat/completions', scope),
    },
    embeddings: byModel('embeddings'),
    proxy,
  },
  decodeError,
  keepsExtras: ({ model }) => vertexModel(model).format !== 'openai',
};

type Translated = 'chat/completions' | 'embeddings';

const dialects: Readonly<Record<VertexModel['format'], Dialect>> = {
  gemini: vertexGemini,
  anthropic: anthropicMessages,
  openai: { ...openai, codecs: { 'chat/completions': openai.codecs['chat/completions'] ?? proxy } },
};

function byModel(endpoint: Translated): Codec {
  return {
    encode(body, scope) {
      const model = modelOf(scope);
      const { codec, scope: plain } = codecOf(endpoint, scope);
      const given = model.format === 'openai' ? withModel(body, model.bodyModel) : body;
      return place(codec.encode(given, plain), model, scope.stream);
    },
    decode(reply, scope) {
      const { codec, scope: plain } = codecOf(endpoint, scope);
      return codec.decode(reply, plain);
    },
  };
}

function streamDecoder(endpoint: Translated, scope: CodecScope) {
  const { codec, scope: plain } = codecOf(endpoint, scope);
  if (codec.decodeStream === undefined) throw new Error(`${endpoint} cannot stream`);
  return codec.decodeStream(plain);
}

function modelOf(scope: CodecScope): VertexModel {
  if (scope.model === '') throw new TranslationError('model', 'Name a model, such as "gemini-2.5-flash".');
  return vertexModel(scope.model);
}

/** The model's own codec, and the scope it sees: with the model's plain name. */
function codecOf(endpoint: Translated, scope: CodecScope): { readonly codec: Codec; readonly scope: CodecScope } {
  const { format, name } = modelOf(scope);
  const codec = dialects[format].codecs[endpoint];
  if (codec !== undefined) return { codec, scope: { ...scope, model: name } };
  throw new TranslationError(
    'model',
    `"${scope.model}" gives no ${endpoint} on Vertex AI. Name a model of Google, such as "gemini-embedding-001".`,
  );
}

function withModel(body: JsonObject, model: string | undefined): JsonObject {
  return present({ ...body, model });
}

/** Moves a request to where Vertex AI serves its model. */
function place(wire: WireRequest, model: VertexModel, stream: boolean): WireRequest {
  if (model.format === 'gemini') {
    const verb = wire.path.slice(wire.path.lastIndexOf(':'));
    return { ...wire, path: `${model.path}${verb}` };
  }
  if (model.format === 'anthropic') {
    return { ...wire, path: `${model.path}:${rawPredict(stream)}`, body: claudeBody(asObject(wire.body)) };
  }
  return {
    ...wire,
    path: model.call === 'rawPredict' ? `${model.path}:${rawPredict(stream)}` : `${model.path}/chat/completions`,
  };
}

function rawPredict(stream: boolean): string {
  return stream ? 'streamRawPredict' : 'rawPredict';
}

/** The path names the model, the body the version of the API. Source: "Claude on Vertex AI", Claude docs. */
function claudeBody(body: JsonObject): JsonObject {
  const { model, ...rest } = body;
  return { anthropic_version: 'vertex-2023-10-16', ...rest };
}

/** Claude's errors keep their own envelope, all others have Google's. */
function decodeError(status: number, body: unknown, headers: HeaderMap): ErrorFacts {
  const isClaude = isJsonObject(body) && body.type === 'error';
  return (isClaude ? anthropicMessages : vertexGemini).decodeError(status, body, headers);
}
