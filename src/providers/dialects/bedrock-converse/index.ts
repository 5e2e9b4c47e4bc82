import type { Dialect } from '../../../core/provider.ts';
import { proxy } from '../openai/proxy.ts';
import { chatCodec } from './chat-codec.ts';
import { decodeError } from './decode-error.ts';
import { embeddingsCodec } from './embeddings.ts';

/** The Converse API of Amazon Bedrock, and `InvokeModel` for embeddings. Source: Bedrock API reference. */
export const bedrockConverse: Dialect = {
  name: 'bedrock-converse',
  framing: 'aws-event-stream',
  codecs: { 'chat/completions': chatCodec, embeddings: embeddingsCodec, proxy },
  decodeError,
  keepsExtras: () => true,
};
