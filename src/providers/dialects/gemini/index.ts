import type { Codec, Dialect } from '../../../core/provider.ts';
import { proxy } from '../openai/proxy.ts';
import { decodeChat } from './chat-reply.ts';
import { decodeChatStream } from './chat-stream.ts';
import { geminiErrorFacts } from './decode-error.ts';
import { geminiEmbeddings, vertexEmbeddings } from './embeddings.ts';
import { encodeChat } from './encode-chat.ts';
import type { GeminiFlavor } from './encode-contents.ts';
import { geminiModels } from './models.ts';

/** The Gemini API's own wire format. Source: Gemini API reference, v1beta. */
export const gemini: Dialect = {
  name: 'gemini',
  framing: 'sse',
  codecs: {
    'chat/completions': chatCodec({ service: 'gemini' }),
    embeddings: geminiEmbeddings,
    models: geminiModels,
    proxy,
  },
  decodeError: geminiErrorFacts,
  keepsExtras: () => true,
};

/** The same over Vertex AI, where calls bear no IDs and embeddings go over `predict`. Source: Vertex AI reference, v1. */
export const vertexGemini: Dialect = {
  name: 'vertex-gemini',
  framing: 'sse',
  codecs: {
    'chat/completions': chatCodec({ service: 'vertex' }),
    embeddings: vertexEmbeddings,
    proxy,
  },
  decodeError: geminiErrorFacts,
};

function chatCodec(flavor: GeminiFlavor): Codec {
  return {
    encode: (body, scope) => encodeChat(body, scope, flavor),
    decode: decodeChat,
    decodeStream: decodeChatStream,
  };
}
