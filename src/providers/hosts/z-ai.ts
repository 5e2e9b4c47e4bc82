import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** Z.ai. */
export const zAi = openAiCompatible({
  name: 'z-ai',
  aliases: ['zai'],
  title: 'Z.ai',
  baseUrl: 'https://api.z.ai/api/paas/v4',
  env: ['ZAI_API_KEY', 'Z_AI_API_KEY'],
  endpoints: ['chat/completions', 'embeddings', 'images/generations'],
  rename: maxTokensOnly,
  developerRole: 'system',
});
