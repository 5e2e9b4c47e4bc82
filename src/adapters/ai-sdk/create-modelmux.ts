import type { CallOptions } from '../../config/client-options.ts';
import type { Portkey } from '../../portkey.ts';
import { createBackend } from './backend.ts';
import { embeddingModel } from './embedding-model.ts';
import { imageModel } from './image-model.ts';
import { languageModel } from './language-model.ts';
import type { EmbeddingModelV4, ImageModelV4, LanguageModelV4 } from './spec.ts';

/** A provider of the AI SDK whose models are answered by a routing tree. Called, it gives a language model. */
export interface ModelmuxProvider {
  /** Without an ID the config says which model is asked for. */
  (modelId?: string): LanguageModelV4;
  readonly specificationVersion: 'v4';
  languageModel(modelId?: string): LanguageModelV4;
  embeddingModel(modelId?: string): EmbeddingModelV4;
  /** Older name of `embeddingModel`. */
  textEmbeddingModel(modelId?: string): EmbeddingModelV4;
  imageModel(modelId?: string): ImageModelV4;
}

/**
 * The routing tree of `portkey` for the AI SDK: `generateText({ model: createModelmux(portkey)('gpt-4o'), … })`. `options` stand for
 * every call, those in `providerOptions.modelmux` of a call beat them. Throws `ConfigError` for options that cannot be meant.
 */
export function createModelmux(portkey: Portkey, options: CallOptions = {}): ModelmuxProvider {
  const backend = createBackend(portkey, options);
  const chat = (modelId = '') => languageModel(modelId, backend);
  const embedding = (modelId = '') => embeddingModel(modelId, backend);
  return Object.assign((modelId?: string) => chat(modelId), {
    specificationVersion: 'v4' as const,
    languageModel: chat,
    embeddingModel: embedding,
    textEmbeddingModel: embedding,
    imageModel: (modelId = '') => imageModel(modelId, backend),
  });
}
