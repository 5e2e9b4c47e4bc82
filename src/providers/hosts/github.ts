import { openAiCompatible } from './compatible.ts';

/** GitHub Models. */
export const github = openAiCompatible({
  name: 'github',
  aliases: ['github-models'],
  title: 'GitHub Models',
  // models.inference.ai.azure.com, its former address, is shut down.
  baseUrl: 'https://models.github.ai/inference',
  env: ['GITHUB_MODELS_API_KEY', 'GITHUB_API_KEY', 'GITHUB_TOKEN'],
  endpoints: ['chat/completions', 'embeddings'],
});
