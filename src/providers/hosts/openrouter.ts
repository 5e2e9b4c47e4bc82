import { openAiCompatible } from './compatible.ts';

/** OpenRouter. */
export const openrouter = openAiCompatible({
  name: 'openrouter',
  title: 'OpenRouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  env: ['OPENROUTER_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'responses', 'embeddings'],
});
