import { openAiCompatible } from './compatible.ts';

/** Novita AI. */
export const novitaAi = openAiCompatible({
  name: 'novita-ai',
  aliases: ['novita'],
  title: 'Novita AI',
  baseUrl: 'https://api.novita.ai/v3/openai',
  env: ['NOVITA_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'embeddings'],
});
