import type { Handler } from '../../core/handler.ts';
import type { Runtime } from '../../core/runtime.ts';
import { canonicalJson, createEmbedder, type SemanticPolicy } from '../../routing/middleware/index.ts';
import type { CacheConfig, Config } from '../config.ts';
import { withoutCredentials } from '../without-credentials.ts';

const defaultThreshold = 0.95;

/** Milliseconds an embedding may take where its config does not say. */
export const defaultEmbeddingTimeoutMs = 5000;

/** Of a `cache` in mode `semantic`; undefined for any other. `compile` makes the config of the embeddings a handler. */
export function toSemanticPolicy(
  { mode, threshold = defaultThreshold, embedding, scope }: CacheConfig,
  compile: (embedding: Config) => Handler,
  runtime: Runtime,
): SemanticPolicy | undefined {
  if (mode !== 'semantic' || embedding === undefined) return undefined;
  return {
    threshold,
    embed: createEmbedder(compile(embedding), runtime),
    // Vectors do not depend on whose key makes them.
    maker: () => canonicalJson(withoutCredentials(embedding)) ?? runtime.traceId(),
    isShared: scope === 'shared',
  };
}
