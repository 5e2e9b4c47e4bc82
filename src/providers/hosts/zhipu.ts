import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** Zhipu AI. */
export const zhipu = openAiCompatible({
  name: 'zhipu',
  aliases: ['zhipuai'],
  title: 'Zhipu AI',
  baseUrl: 'https://open.bigmodel.cn/api/paas/v4',
  env: ['ZHIPU_API_KEY', 'ZHIPUAI_API_KEY'],
  endpoints: ['chat/completions', 'embeddings', 'images/generations', 'audio/transcriptions', 'files', 'batches'],
  rename: maxTokensOnly,
  developerRole: 'system',
});
