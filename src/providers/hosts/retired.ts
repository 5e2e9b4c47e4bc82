import type { Provider } from '../../core/provider.ts';
import { openAiCompatible } from './compatible.ts';

/** Google's PaLM API, shut down in favour of Gemini. Source: Google AI for Developers, "PaLM API deprecation". */
export const palm = retired('palm', 'Google PaLM');

/** Javelin's name for Google's first chat models. */
export const googlebard = retired('googlebard', 'Google Bard');

function retired(name: string, title: string): Provider {
  return {
    ...openAiCompatible({ name, title, baseUrl: 'https://generativelanguage.googleapis.com', env: [], endpoints: [] }),
    retired: `${title} is shut down. Use provider "google" with a Gemini model, such as "gemini-2.5-flash".`,
  };
}
