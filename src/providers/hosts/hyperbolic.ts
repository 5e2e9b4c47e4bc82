import { openAiCompatible } from './compatible.ts';

/** Hyperbolic. */
export const hyperbolic = openAiCompatible({
  name: 'hyperbolic',
  title: 'Hyperbolic',
  baseUrl: 'https://api.hyperbolic.xyz/v1',
  env: ['HYPERBOLIC_API_KEY'],
  endpoints: ['chat/completions', 'completions'],
});
