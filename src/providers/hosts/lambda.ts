import { openAiCompatible } from './compatible.ts';

/** Lambda. */
export const lambda = openAiCompatible({
  name: 'lambda',
  aliases: ['lambda-ai', 'lambdalabs'],
  title: 'Lambda',
  // Also served at api.lambdalabs.com, its former name.
  baseUrl: 'https://api.lambda.ai/v1',
  env: ['LAMBDA_API_KEY'],
  endpoints: ['chat/completions', 'completions'],
});
