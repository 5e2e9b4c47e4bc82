import type { Provider } from '../../core/provider.ts';
import { bearer } from '../auth/api-key.ts';
import { cohereChat } from '../dialects/lazy-dialects.ts';

const facts = { title: 'Cohere', env: ['COHERE_API_KEY', 'CO_API_KEY'] };

/** Cohere. Source: Cohere API reference, "About". */
export const cohere: Provider = {
  ...facts,
  name: 'cohere',
  aliases: ['cohere-chat'],
  dialect: cohereChat,
  baseUrl: 'https://api.cohere.com',
  authenticate: bearer(facts),
  fieldPrefix: 'cohere',
};
