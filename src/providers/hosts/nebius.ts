import { openAiCompatible } from './compatible.ts';

/** Nebius Token Factory. */
export const nebius = openAiCompatible({
  name: 'nebius',
  title: 'Nebius Token Factory',
  // Formerly AI Studio at api.studio.nebius.ai.
  baseUrl: 'https://api.tokenfactory.nebius.com/v1',
  env: ['NEBIUS_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'embeddings', 'images/generations'],
});
