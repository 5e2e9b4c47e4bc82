import type { Dialect } from '../../../core/provider.ts';
import { proxy } from '../openai/proxy.ts';
import { chatCodec } from './chat-codec.ts';
import { decodeError } from './decode-error.ts';
import { messagesCodec } from './messages-codec.ts';

/**
 * Anthropic's Messages API, below `/v1`: also spoken by Bedrock, Vertex AI and others that serve Claude. Headers that name
 * the API's version are the host's. Source: Claude API reference, "Create a Message".
 */
export const anthropicMessages: Dialect = {
  name: 'anthropic-messages',
  framing: 'sse',
  codecs: { 'chat/completions': chatCodec, messages: messagesCodec, proxy },
  decodeError,
};
