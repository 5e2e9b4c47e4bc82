import { openAiCompatible } from './compatible.ts';

/** Voyage AI. */
export const voyage = openAiCompatible({
  name: 'voyage',
  aliases: ['voyage-ai', 'voyageai'],
  title: 'Voyage AI',
  baseUrl: 'https://api.voyageai.com/v1',
  env: ['VOYAGE_API_KEY'],
  endpoints: ['embeddings'],
  // Source: Voyage AI docs, "Text embeddings API".
  rename: { dimensions: 'output_dimension' },
  unsupported: ['user'],
});
