import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** DeepSeek. */
export const deepseek = openAiCompatible({
  name: 'deepseek',
  title: 'DeepSeek',
  baseUrl: 'https://api.deepseek.com/v1',
  env: ['DEEPSEEK_API_KEY'],
  endpoints: ['chat/completions'],
  rename: maxTokensOnly,
  developerRole: 'system',
});
