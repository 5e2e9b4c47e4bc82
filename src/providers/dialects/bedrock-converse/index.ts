import type { Dialect } from '../../../core/provider.ts';
import { bridgeMessages } from '../messages-bridge/index.ts';
import { bridgeResponses } from '../responses-bridge/index.ts';
import { chatCodec } from './chat-codec.ts';
import { decodeError } from './decode-error.ts';
import { embeddingsCodec } from './embeddings.ts';

/** The Converse API of Amazon Bedrock, and `InvokeModel` for embeddings; responses and messages go over chat. Source: Bedrock API reference. */
export const bedrockConverse: Dialect = {
  name: 'bedrock-converse',
  framing: 'aws-event-stream',
  codecs: {
    'chat/completions': chatCodec,
    embeddings: embeddingsCodec,
    responses: bridgeResponses(chatCodec, { keepsExtras: true }),
    messages: bridgeMessages(chatCodec, { keepsExtras: true }),
  },
  decodeError,
};
