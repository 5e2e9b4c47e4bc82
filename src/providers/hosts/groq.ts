import { openAiCompatible } from './compatible.ts';

/** Groq. */
export const groq = openAiCompatible({
  name: 'groq',
  title: 'Groq',
  baseUrl: 'https://api.groq.com/openai/v1',
  env: ['GROQ_API_KEY'],
  endpoints: [
    'chat/completions',
    'responses',
    'audio/transcriptions',
    'audio/translations',
    'audio/speech',
    'files',
    'batches',
  ],
  // Refused with a 400. Source: Groq docs, "OpenAI Compatibility", unsupported features.
  unsupported: ['logprobs', 'top_logprobs', 'logit_bias'],
});
