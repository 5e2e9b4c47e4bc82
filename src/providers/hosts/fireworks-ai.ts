import { openAiCompatible } from './compatible.ts';

/** Fireworks AI. */
export const fireworksAi = openAiCompatible({
  name: 'fireworks-ai',
  aliases: ['fireworks'],
  title: 'Fireworks AI',
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  env: ['FIREWORKS_API_KEY', 'FIREWORKS_AI_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'embeddings', 'responses'],
});
