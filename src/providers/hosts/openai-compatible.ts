import { TranslationError } from '../../core/errors/reply-errors.ts';
import { openai } from '../dialects/openai/index.ts';
import { openAiCompatible } from './compatible.ts';
import { customHostOf } from './settings.ts';

/**
 * Any server that speaks OpenAI's wire format, at the base URL given as `custom_host`: as it is when it has a path, with `/v1` added
 * when it is a bare host. A key is sent when there is one.
 */
export const openaiCompatible = openAiCompatible({
  name: 'openai-compatible',
  aliases: ['openai-like', 'custom-openai', 'custom'],
  title: 'OpenAI-compatible server',
  baseUrl({ settings }) {
    const host = customHostOf(settings);
    if (host === undefined) {
      throw new TranslationError(
        'custom_host',
        'An openai-compatible target needs custom_host, as in "http://localhost:8080/v1".',
      );
    }
    const { origin, pathname } = URL.parse(host) ?? { origin: host, pathname: '/' };
    return pathname === '/' ? `${origin}/v1` : `${origin}${pathname.replace(/\/+$/, '')}`;
  },
  env: [],
  needsKey: false,
  endpoints: Object.keys(openai.codecs) as (keyof typeof openai.codecs)[],
});
