import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** SambaNova. */
export const sambanova = openAiCompatible({
  name: 'sambanova',
  title: 'SambaNova',
  baseUrl: 'https://api.sambanova.ai/v1',
  env: ['SAMBANOVA_API_KEY'],
  endpoints: ['chat/completions', 'embeddings', 'audio/transcriptions', 'audio/translations'],
  rename: maxTokensOnly,
});
