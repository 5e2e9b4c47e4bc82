import { openAiCompatible } from './compatible.ts';

/** Cerebras. */
export const cerebras = openAiCompatible({
  name: 'cerebras',
  title: 'Cerebras',
  baseUrl: 'https://api.cerebras.ai/v1',
  env: ['CEREBRAS_API_KEY'],
  endpoints: ['chat/completions', 'completions'],
  // Cerebras reads system messages at the developer level. Source: Cerebras docs, "OpenAI Compatibility".
  developerRole: 'system',
});
