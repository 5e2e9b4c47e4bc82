import type { Endpoint } from '../../core/endpoint.ts';
import { lazyPart } from '../../core/lazy-part.ts';
import type { Dialect, LazyDialect } from '../../core/provider.ts';

// Nearly every host speaks OpenAI's format; no other is worth its weight before a target asks for it.

/** `anthropicMessages` of `anthropic-messages/`. */
export const anthropicMessages = lazyDialect('anthropic-messages', ['chat/completions', 'messages', 'proxy'], () =>
  import('./anthropic-messages/index.ts').then((module) => module.anthropicMessages),
);

/** `bedrockConverse` of `bedrock-converse/`. */
export const bedrockConverse = lazyDialect('bedrock-converse', ['chat/completions', 'embeddings', 'proxy'], () =>
  import('./bedrock-converse/index.ts').then((module) => module.bedrockConverse),
);

/** `cohereChat` of `cohere-chat/`. */
export const cohereChat = lazyDialect('cohere-chat', ['chat/completions', 'embeddings', 'models', 'proxy'], () =>
  import('./cohere-chat/index.ts').then((module) => module.cohereChat),
);

/** `gemini` of `gemini/`. */
export const gemini = lazyDialect('gemini', ['chat/completions', 'embeddings', 'models', 'proxy'], () =>
  import('./gemini/index.ts').then((module) => module.gemini),
);

/** `vertexAi` of `vertex-ai/`. */
export const vertexAi = lazyDialect('vertex-ai', ['chat/completions', 'embeddings', 'proxy'], () =>
  import('./vertex-ai/index.ts').then((module) => module.vertexAi),
);

function lazyDialect(name: string, endpoints: readonly Endpoint[], load: () => Promise<Dialect>): LazyDialect {
  return { name, endpoints, translation: lazyPart(name, load) };
}
