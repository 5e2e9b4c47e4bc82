import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { textOf } from '../prompt.ts';
import { defaultDimensions, unitVector } from '../vectors.ts';
import type { Call, Operation } from '../wire-format.ts';

/** `embedContent` (Gemini API reference, "Embeddings"). */
export const embedContent: Operation = {
  check: ({ body }) => (body.content === undefined ? missing('EmbedContentRequest.content') : undefined),
  reply: (_call, { model }) => ({ json: { embedding: vectorOf(_call.body, model) } }),
};

/** `batchEmbedContents`, of the same page. */
export const batchEmbedContents: Operation = {
  check: ({ body }) => (Array.isArray(body.requests) ? undefined : missing('BatchEmbedContentsRequest.requests')),
  reply: ({ body }, { model }) => ({ json: { embeddings: items(body.requests).map((one) => vectorOf(one, model)) } }),
};

/** `predict` of an embedding model (Vertex AI documentation, "Text embeddings API"). */
export const predict: Operation = {
  check: ({ body }) => (Array.isArray(body.instances) ? undefined : missing('instances')),
  reply: ({ body }: Call, { model }) => ({
    json: {
      predictions: items(body.instances).map((instance) => {
        const text = String(instance.content ?? '');
        const size = isJsonObject(body.parameters) ? body.parameters.outputDimensionality : undefined;
        const statistics = { truncated: false, token_count: Math.max(1, Math.ceil(text.length / 4)) };
        return { embeddings: { values: vector(text, model, size), statistics } };
      }),
    },
  }),
};

function missing(field: string) {
  return { kind: 'invalid_request', message: `* ${field}: is not specified` } as const;
}

function items(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function vectorOf(request: JsonObject, model: string): JsonObject {
  const content = isJsonObject(request.content) ? textOf(request.content.parts) : '';
  return { values: vector(content, model, request.outputDimensionality ?? request.output_dimensionality) };
}

function vector(text: string, model: string, size: unknown): readonly number[] {
  return unitVector(`${model}/${text}`, typeof size === 'number' ? size : defaultDimensions);
}
