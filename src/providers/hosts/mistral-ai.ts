import { openAiCompatible } from './compatible.ts';
import { maxTokensOnly } from './quirks.ts';
import { textSetting } from './settings.ts';

/** Mistral AI, which answers 422 to parameters it does not know. Source: Mistral AI API specification, "Chat" and "FIM". */
export const mistralAi = openAiCompatible({
  name: 'mistral-ai',
  aliases: ['mistral'],
  title: 'Mistral AI',
  baseUrl: 'https://api.mistral.ai/v1',
  env: ['MISTRAL_API_KEY'],
  endpoints: ['chat/completions', 'embeddings', 'moderations', 'audio/transcriptions', 'files'],
  fieldPrefix: 'mistral',
  rename: { ...maxTokensOnly, seed: 'random_seed' },
  values: { tool_choice: { required: 'any' } },
  unsupported: ['logit_bias', 'logprobs', 'top_logprobs', 'user', 'store'],
  developerRole: 'system',
  // Fill-in-the-middle has an endpoint of its own with the reply of a chat.
  address: (wire, { settings }) =>
    wire.path === '/chat/completions' && textSetting(settings, 'fimCompletion') === 'true'
      ? { ...wire, path: '/fim/completions' }
      : wire,
});
