import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** AI21. */
export const ai21 = openAiCompatible({
  name: 'ai21',
  aliases: ['ai21-chat'],
  title: 'AI21',
  baseUrl: 'https://api.ai21.com/studio/v1',
  env: ['AI21_API_KEY'],
  endpoints: ['chat/completions'],
  rename: maxTokensOnly,
  developerRole: 'system',
});
