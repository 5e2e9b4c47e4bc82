import { openAiCompatible } from './compatible.ts';

/** LM Studio. */
export const lmStudio = openAiCompatible({
  name: 'lm-studio',
  aliases: ['lmstudio'],
  title: 'LM Studio',
  baseUrl: 'http://localhost:1234/v1',
  env: ['LM_STUDIO_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'embeddings', 'responses'],
  envSettings: { customHost: ['LM_STUDIO_API_BASE'] },
  needsKey: false,
});
