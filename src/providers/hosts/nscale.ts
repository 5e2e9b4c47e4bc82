import { openAiCompatible } from './compatible.ts';

/** Nscale. */
export const nscale = openAiCompatible({
  name: 'nscale',
  title: 'Nscale',
  baseUrl: 'https://inference.api.nscale.com/v1',
  env: ['NSCALE_API_KEY', 'NSCALE_SERVICE_TOKEN'],
  endpoints: ['chat/completions', 'embeddings', 'images/generations'],
});
