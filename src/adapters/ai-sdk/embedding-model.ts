import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { type Backend, jsonOf } from './backend.ts';
import { servedHeadersOf, servedMetadata } from './facts.ts';
import type { EmbeddingModelV4 } from './spec.ts';

/** The fewest that a provider with embeddings takes in one call (Cohere API reference, Embed). */
const valuesPerCall = 96;

/** An embedding model of the AI SDK that is answered by whichever target the config chooses. */
export function embeddingModel(modelId: string, backend: Backend): EmbeddingModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'modelmux',
    modelId,
    maxEmbeddingsPerCall: valuesPerCall,
    supportsParallelCalls: true,
    async doEmbed({ values, dimensions, ...call }) {
      const settings = backend.settings(call);
      const body = {
        ...(modelId === '' ? {} : { model: modelId }),
        input: values,
        ...(dimensions === undefined ? {} : { dimensions }),
        ...settings.params,
      };
      const sent = await backend.send('embeddings', body, settings);
      const reply = jsonOf(sent);
      const tokens = isJsonObject(reply['usage']) ? reply['usage']['prompt_tokens'] : undefined;
      return {
        embeddings: vectors(reply),
        ...(typeof tokens === 'number' ? { usage: { tokens } } : {}),
        providerMetadata: servedMetadata(sent.served),
        response: { headers: servedHeadersOf(sent.served), body: reply },
        warnings: [...sent.dropped],
      };
    },
  };
}

/** In the order of the values, whatever order they came in. */
function vectors({ data }: JsonObject): number[][] {
  const items = Array.isArray(data) ? data.filter(isJsonObject) : [];
  return items
    .toSorted((left, right) => Number(left['index'] ?? 0) - Number(right['index'] ?? 0))
    .map(({ embedding }) => (Array.isArray(embedding) ? embedding : []));
}
