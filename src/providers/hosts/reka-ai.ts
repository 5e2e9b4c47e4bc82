import { openAiCompatible } from './compatible.ts';

/** Reka AI. */
export const rekaAi = openAiCompatible({
  name: 'reka-ai',
  aliases: ['reka'],
  title: 'Reka AI',
  baseUrl: 'https://api.reka.ai/v1',
  env: ['REKA_API_KEY'],
  endpoints: ['chat/completions', 'responses'],
});
