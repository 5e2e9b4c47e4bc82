import type { JsonObject } from '../../../core/json.ts';
import { bearerKey, headerKey } from '../keys.ts';
import { unescaped } from '../path-part.ts';
import { promptOf } from '../prompt.ts';
import type { Call, Operation, Route, WireFormat } from '../wire-format.ts';
import { batchEmbedContents, embedContent, predict } from './embeddings.ts';
import { googleErrorEvent, googleFailure } from './errors.ts';
import { generateContent, generateContentArray } from './generate-content.ts';

/** The Gemini API (Gemini API reference, v1 and v1beta); key in the query, in `x-goog-api-key`, or a bearer token. */
export const gemini: WireFormat = {
  basePath: '/v1beta',
  readKey: ({ headers, query }) => query.get('key') ?? headerKey(headers, 'x-goog-api-key') ?? bearerKey(headers),
  route,
  idHeaders: () => [],
  failure: googleFailure,
  errorEvent: googleErrorEvent,
};

const modelPath = /^\/v1(?:beta)?\/(?:models|tunedModels)(?:\/([^/:]+)(?::(\w+))?)?$/;

function route(call: Call): Route | undefined {
  const match = modelPath.exec(call.path);
  if (match === null) return undefined;
  const [, id, verb] = match;
  const model = id === undefined ? undefined : unescaped(id);
  if (call.method === 'GET' && verb === undefined) {
    return { operation: model === undefined ? modelList : oneModel, model, stream: false };
  }
  return call.method === 'POST' && model !== undefined ? googleRoute(call, model, verb) : undefined;
}

/** The operation of a `:verb` on one of Google's models. */
export function googleRoute({ query }: Call, model: string, verb: string | undefined): Route | undefined {
  if (verb === 'streamGenerateContent') {
    return { operation: query.get('alt') === 'sse' ? generateContent : generateContentArray, model, stream: true };
  }
  const operation = verb === undefined ? undefined : verbs.get(verb);
  return operation === undefined ? undefined : { operation, model, stream: false };
}

const countTokens: Operation = {
  prompt: ({ body }) => promptOf(body.contents),
  reply: (_call, { usage }) => ({ json: { totalTokens: usage?.inputTokens ?? 0 } }),
};

const verbs: ReadonlyMap<string, Operation> = new Map([
  ['generateContent', generateContent],
  ['countTokens', countTokens],
  ['embedContent', embedContent],
  ['batchEmbedContents', batchEmbedContents],
  ['predict', predict],
]);

const modelList: Operation = { reply: (_call, { models }) => ({ json: { models: models.map(modelInfo) } }) };
const oneModel: Operation = { reply: (_call, { model }) => ({ json: modelInfo(model) }) };

function modelInfo(id: string): JsonObject {
  return {
    name: `models/${id}`,
    version: 'simulated',
    displayName: `${id} (simulated)`,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  };
}
