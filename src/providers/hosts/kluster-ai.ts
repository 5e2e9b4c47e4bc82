import { openAiCompatible } from './compatible.ts';

/** Kluster AI. */
export const klusterAi = openAiCompatible({
  name: 'kluster-ai',
  aliases: ['kluster', 'klusterai'],
  title: 'Kluster AI',
  baseUrl: 'https://api.kluster.ai/v1',
  env: ['KLUSTER_API_KEY', 'KLUSTERAI_API_KEY'],
  endpoints: ['chat/completions', 'embeddings', 'files', 'batches'],
});
