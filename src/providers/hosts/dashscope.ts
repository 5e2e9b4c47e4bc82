import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** Alibaba DashScope. */
export const dashscope = openAiCompatible({
  name: 'dashscope',
  title: 'Alibaba DashScope',
  // Keys of the mainland platform need custom_host "https://dashscope.aliyuncs.com/compatible-mode/v1".
  baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  env: ['DASHSCOPE_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'embeddings', 'responses', 'files', 'batches'],
  rename: maxTokensOnly,
  developerRole: 'system',
});
