import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';

/** Ollama. */
export const ollama = openAiCompatible({
  name: 'ollama',
  aliases: ['ollama-chat'],
  title: 'Ollama',
  baseUrl: 'http://localhost:11434/v1',
  env: ['OLLAMA_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'embeddings', 'responses'],
  envSettings: { customHost: ['OLLAMA_API_BASE'] },
  needsKey: false,
  rename: maxTokensOnly,
  developerRole: 'system',
});
