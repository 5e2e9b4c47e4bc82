import { TranslationError } from '../../core/errors/reply-errors.ts';
import { openAiCompatible } from './compatible.ts';
import { customHostOf, textSetting } from './settings.ts';

/** Cloudflare Workers AI. Source: Cloudflare docs, "OpenAI compatible API endpoints". */
export const workersAi = openAiCompatible({
  name: 'workers-ai',
  aliases: ['cloudflare'],
  title: 'Cloudflare Workers AI',
  baseUrl({ settings }) {
    const account = textSetting(settings, 'accountId', 'workersAiAccountId');
    if (account === undefined && customHostOf(settings) === undefined) {
      throw new TranslationError(
        'workers_ai_account_id',
        'Cloudflare Workers AI needs workers_ai_account_id, the account ID. Set it on the target or the virtual key, or CLOUDFLARE_ACCOUNT_ID.',
      );
    }
    return `https://api.cloudflare.com/client/v4/accounts/${encodeURIComponent(account ?? 'account')}/ai/v1`;
  },
  env: ['CLOUDFLARE_API_KEY', 'CLOUDFLARE_API_TOKEN'],
  envSettings: { accountId: ['CLOUDFLARE_ACCOUNT_ID'] },
  endpoints: ['chat/completions', 'embeddings', 'responses'],
  fieldPrefix: 'workers_ai',
});
