import { openAiCompatible } from './compatible.ts';

/** xAI. */
export const xAi = openAiCompatible({
  name: 'x-ai',
  aliases: ['xai'],
  title: 'xAI',
  baseUrl: 'https://api.x.ai/v1',
  env: ['XAI_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'embeddings', 'responses', 'images/generations', 'files', 'batches'],
});
