import { openAiCompatible } from './compatible.ts';

/** DeepInfra. */
export const deepinfra = openAiCompatible({
  name: 'deepinfra',
  title: 'DeepInfra',
  baseUrl: 'https://api.deepinfra.com/v1/openai',
  env: ['DEEPINFRA_API_KEY', 'DEEPINFRA_TOKEN'],
  endpoints: [
    'chat/completions',
    'completions',
    'embeddings',
    'images/generations',
    'audio/speech',
    'audio/transcriptions',
    'audio/translations',
  ],
});
