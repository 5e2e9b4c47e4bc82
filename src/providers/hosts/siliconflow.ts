import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** SiliconFlow. */
export const siliconflow = openAiCompatible({
  name: 'siliconflow',
  title: 'SiliconFlow',
  // Keys of the international platform need custom_host "https://api.siliconflow.com/v1".
  baseUrl: 'https://api.siliconflow.cn/v1',
  env: ['SILICONFLOW_API_KEY'],
  endpoints: ['chat/completions', 'embeddings', 'images/generations', 'audio/speech', 'audio/transcriptions'],
  rename: maxTokensOnly,
  developerRole: 'system',
});
