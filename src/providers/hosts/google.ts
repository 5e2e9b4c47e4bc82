import type { Provider } from '../../core/provider.ts';
import { headerKey } from '../auth/api-key.ts';
import { gemini } from '../dialects/lazy-dialects.ts';

const facts = { title: 'Google Gemini', env: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'] };

/** Google's Gemini API. The key travels in a header: addresses end up in logs. Source: Gemini API reference, "Authentication". */
export const google: Provider = {
  ...facts,
  name: 'google',
  aliases: ['gemini', 'google-ai', 'google-ai-studio'],
  dialect: gemini,
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  authenticate: headerKey('x-goog-api-key', facts),
  fieldPrefix: 'google',
};
