import { openAiCompatible } from './compatible.ts';

/** Upstage. */
export const upstage = openAiCompatible({
  name: 'upstage',
  title: 'Upstage',
  baseUrl: 'https://api.upstage.ai/v1',
  env: ['UPSTAGE_API_KEY'],
  endpoints: ['chat/completions', 'embeddings'],
});
