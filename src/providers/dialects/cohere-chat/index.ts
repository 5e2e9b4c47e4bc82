import type { Dialect } from '../../../core/provider.ts';
import { proxy } from '../openai/proxy.ts';
import { decodeChat } from './chat-reply.ts';
import { decodeChatStream } from './chat-stream.ts';
import { cohereErrorFacts } from './decode-error.ts';
import { cohereEmbeddings } from './embeddings.ts';
import { encodeChat } from './encode-chat.ts';
import { cohereModels } from './models.ts';

/** Cohere's own wire format. Source: Cohere API v2 reference. */
export const cohereChat: Dialect = {
  name: 'cohere-chat',
  framing: 'sse',
  codecs: {
    'chat/completions': { encode: encodeChat, decode: decodeChat, decodeStream: decodeChatStream },
    embeddings: cohereEmbeddings,
    models: cohereModels,
    proxy,
  },
  decodeError: cohereErrorFacts,
};
