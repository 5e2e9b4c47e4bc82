import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** Featherless AI. */
export const featherlessAi = openAiCompatible({
  name: 'featherless-ai',
  aliases: ['featherless'],
  title: 'Featherless AI',
  baseUrl: 'https://api.featherless.ai/v1',
  env: ['FEATHERLESS_API_KEY', 'FEATHERLESS_AI_API_KEY'],
  endpoints: ['chat/completions', 'completions'],
  rename: maxTokensOnly,
});
