import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** 01.AI Lingyi. */
export const lingyi = openAiCompatible({
  name: 'lingyi',
  aliases: ['01-ai'],
  title: '01.AI Lingyi',
  baseUrl: 'https://api.lingyiwanwu.com/v1',
  env: ['LINGYI_API_KEY', 'YI_API_KEY'],
  endpoints: ['chat/completions'],
  rename: maxTokensOnly,
  developerRole: 'system',
});
