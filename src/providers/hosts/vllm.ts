import { openAiCompatible } from './compatible.ts';

/** vLLM. */
export const vllm = openAiCompatible({
  name: 'vllm',
  aliases: ['hosted-vllm'],
  title: 'vLLM',
  baseUrl: 'http://localhost:8000/v1',
  env: ['HOSTED_VLLM_API_KEY', 'VLLM_API_KEY'],
  endpoints: [
    'chat/completions',
    'completions',
    'embeddings',
    'responses',
    'audio/transcriptions',
    'audio/translations',
  ],
  envSettings: { customHost: ['HOSTED_VLLM_API_BASE', 'VLLM_API_BASE'] },
  needsKey: false,
});
