import { openAiCompatible } from './compatible.ts';

/** Jina AI. */
export const jina = openAiCompatible({
  name: 'jina',
  aliases: ['jina-ai'],
  title: 'Jina AI',
  baseUrl: 'https://api.jina.ai/v1',
  env: ['JINA_API_KEY', 'JINA_AI_API_KEY'],
  endpoints: ['embeddings'],
  // Source: Jina AI docs, "Embeddings".
  rename: { encoding_format: 'embedding_type' },
  unsupported: ['user'],
});
