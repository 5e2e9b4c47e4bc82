import { toBaseUrl } from './base-url.ts';
import { openAiCompatible } from './compatible.ts';
import { textSetting } from './settings.ts';

const router = 'https://router.huggingface.co/v1';

/** Hugging Face's router, or the dedicated endpoint named by `huggingface_base_url`. Source: Hugging Face docs, "Inference Providers". */
export const huggingface = openAiCompatible({
  name: 'huggingface',
  aliases: ['hugging-face', 'hf'],
  title: 'Hugging Face',
  baseUrl({ settings }) {
    const url = textSetting(settings, 'baseUrl', 'huggingfaceBaseUrl');
    return url === undefined ? router : toBaseUrl(url, router);
  },
  env: ['HF_TOKEN', 'HUGGINGFACE_API_KEY'],
  endpoints: ['chat/completions', 'responses'],
  fieldPrefix: 'huggingface',
});
