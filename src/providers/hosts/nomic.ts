import { TranslationError, UnreadableReplyError } from '../../core/errors/reply-errors.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Codec } from '../../core/provider.ts';
import { openai } from '../dialects/openai/index.ts';
import { openAiCompatible } from './compatible.ts';

/** `POST /embedding/text {texts, model, task_type, dimensionality}` to `{embeddings, usage, model}`. Source: Nomic Atlas API reference, "Embed text". */
const embeddings: Codec = {
  encode({ input, dimensions, encoding_format: format, user, ...rest }, { drop, model }) {
    if (format !== undefined && format !== 'float') drop('encoding_format', 'Nomic sends floats only');
    if (user !== undefined) drop('user', 'Nomic does not support it');
    const texts = Array.isArray(input) ? input : [input];
    if (!texts.every((text) => typeof text === 'string'))
      throw new TranslationError('input', 'Nomic embeds texts, not tokens.');
    return {
      path: '/embedding/text',
      body: { ...rest, model, texts, ...(dimensions === undefined ? {} : { dimensionality: dimensions }) },
    };
  },
  decode(reply, { model }) {
    const vectors = isJsonObject(reply) ? reply['embeddings'] : undefined;
    if (!isJsonObject(reply) || !Array.isArray(vectors))
      throw new UnreadableReplyError('The reply has no list "embeddings"', reply);
    const data = vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }));
    return { object: 'list', data, model: reply['model'] ?? model, usage: reply['usage'] };
  },
};

/** Nomic Atlas: embeddings only, in a format of its own. */
export const nomic = openAiCompatible({
  name: 'nomic',
  title: 'Nomic',
  dialect: { ...openai, name: 'nomic', codecs: { embeddings, proxy: openai.codecs.proxy ?? embeddings } },
  baseUrl: 'https://api-atlas.nomic.ai/v1',
  env: ['NOMIC_API_KEY'],
  endpoints: ['embeddings'],
});
