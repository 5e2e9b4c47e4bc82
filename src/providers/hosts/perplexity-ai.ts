import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** Perplexity. */
export const perplexityAi = openAiCompatible({
  name: 'perplexity-ai',
  aliases: ['perplexity'],
  title: 'Perplexity',
  baseUrl: 'https://api.perplexity.ai',
  env: ['PERPLEXITY_API_KEY', 'PERPLEXITYAI_API_KEY', 'PPLX_API_KEY'],
  endpoints: ['chat/completions'],
  rename: maxTokensOnly,
  developerRole: 'system',
});
