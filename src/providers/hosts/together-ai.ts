import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** Together AI. */
export const togetherAi = openAiCompatible({
  name: 'together-ai',
  aliases: ['together'],
  title: 'Together AI',
  baseUrl: 'https://api.together.xyz/v1',
  env: ['TOGETHER_API_KEY', 'TOGETHERAI_API_KEY', 'TOGETHER_AI_API_KEY'],
  endpoints: [
    'chat/completions',
    'completions',
    'embeddings',
    'images/generations',
    'audio/speech',
    'audio/transcriptions',
    'audio/translations',
    'files',
    'batches',
  ],
  rename: maxTokensOnly,
});
