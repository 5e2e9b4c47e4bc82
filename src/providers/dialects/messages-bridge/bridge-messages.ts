import type { JsonObject } from '../../../core/json.ts';
import type { Codec, CodecScope } from '../../../core/provider.ts';
import { toMessage } from './reply/message.ts';
import { messageEvents } from './reply/message-events.ts';
import { toChatBody } from './request/chat-body.ts';

/** How a bridge meets the codec below it. */
export interface BridgeOptions {
  /**
   * True where the codec understands Anthropic's members in a chat body: `cache_control`, signed thinking, `thinking`,
   * `top_k`. Elsewhere they are left out, since OpenAI and others refuse members they do not know.
   */
  readonly keepsExtras?: boolean | ((scope: CodecScope) => boolean);
}

/**
 * A `messages` codec over `chat`, the `chat/completions` codec of any dialect: Anthropic's shape in and out, whoever
 * answers. A streamed reply is Anthropic's events as objects with their `type`. Source: Claude API reference, "Create a
 * Message"; Claude docs, "Streaming Messages".
 */
export function bridgeMessages(chat: Codec, options: BridgeOptions = {}): Codec {
  const chatScope = (scope: CodecScope, body: JsonObject): CodecScope => ({
    ...scope,
    // Thinking and its signatures are part of Anthropic's shape, whatever OpenAI's shape holds.
    strict: false,
    request: { endpoint: 'chat/completions', body },
  });
  const { keepsExtras = false } = options;
  const translate = (body: JsonObject, scope: CodecScope): JsonObject =>
    toChatBody(body, { scope, keepsExtras: typeof keepsExtras === 'function' ? keepsExtras(scope) : keepsExtras });
  // What was dropped has been reported when the request was made.
  const replyScope = (scope: CodecScope) =>
    chatScope(scope, translate(scope.request.body, { ...scope, drop: () => {} }));
  const { decodeStream } = chat;
  return {
    encode(body, scope) {
      const chatBody = translate(body, scope);
      return chat.encode(chatBody, chatScope(scope, chatBody));
    },
    decode: (reply, scope) => toMessage(chat.decode(reply, replyScope(scope)), scope),
    ...(decodeStream === undefined
      ? {}
      : { decodeStream: (scope: CodecScope) => messageEvents(decodeStream(replyScope(scope)), scope) }),
  };
}
