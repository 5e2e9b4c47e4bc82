import { openAiCompatible } from './compatible.ts';

/** inference.net. */
export const inferenceNet = openAiCompatible({
  name: 'inference-net',
  aliases: ['inference.net'],
  title: 'inference.net',
  baseUrl: 'https://api.inference.net/v1',
  env: ['INFERENCE_API_KEY', 'INFERENCE_NET_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'embeddings'],
});
