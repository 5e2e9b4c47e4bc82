import { openAiCompatible } from './compatible.ts';

/** Anyscale Endpoints. The public service has closed; deployments of one's own are reached by custom_host. */
export const anyscale = openAiCompatible({
  name: 'anyscale',
  title: 'Anyscale Endpoints',
  baseUrl: 'https://api.endpoints.anyscale.com/v1',
  env: ['ANYSCALE_API_KEY'],
  endpoints: ['chat/completions', 'completions', 'embeddings'],
});
