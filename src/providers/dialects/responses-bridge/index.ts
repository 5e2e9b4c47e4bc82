import type { JsonObject } from '../../../core/json.ts';
import type { Codec, CodecScope, Provider } from '../../../core/provider.ts';
import { asObject, present } from '../shared/lenient.ts';
import { toChatBody } from './chat-body.ts';
import { responseFormat } from './chat-params.ts';
import { toResponse } from './response.ts';
import { responseEvents } from './response-events.ts';

/** How a bridge meets the codec below it. */
export interface ResponsesBridgeOptions {
  /** The provider's own change of chat bodies, applied to the translated one: without it `adapt` sees the Responses shape. */
  readonly adapt?: Provider['adapt'];
  /**
   * True where the codec understands an assistant message's `reasoning_content` and `thinking_blocks`. Elsewhere they are
   * left out, since OpenAI and others refuse members they do not know.
   */
  readonly keepsExtras?: boolean;
}

/**
 * OpenAI's Responses API over a chat codec, without state: the request becomes a chat completion, its reply or chunks a
 * response object or the documented events. Signed thinking travels in `encrypted_content` of reasoning items. Source:
 * OpenAI API reference, "Responses" and "Streaming events".
 */
export function bridgeResponses(chat: Codec, options: ResponsesBridgeOptions = {}): Codec {
  const { decodeStream } = chat;
  return {
    encode(body, scope) {
      const translated = toChatBody(body, { scope, keepsExtras: options.keepsExtras === true });
      const chatBody = options.adapt?.(translated, chatScope(scope, translated)) ?? translated;
      return chat.encode(chatBody, chatScope(scope, chatBody));
    },
    decode: (reply, scope) => toResponse(chat.decode(reply, replyScope(scope)), scope),
    ...(decodeStream === undefined
      ? {}
      : { decodeStream: (scope: CodecScope) => responseEvents(decodeStream(replyScope(scope)), scope) }),
  };
}

function chatScope(scope: CodecScope, body: JsonObject): CodecScope {
  return { ...scope, request: { endpoint: 'chat/completions', body } };
}

/** What a chat codec looks up in the request when it reads a reply. Not strict, for the signed thinking. */
function replyScope(scope: CodecScope): CodecScope {
  const { text, reasoning, thinking } = scope.request.body;
  const asked = { response_format: responseFormat(text), reasoning_effort: asObject(reasoning).effort, thinking };
  const body = { stream_options: { include_usage: true }, ...present(asked) };
  return { ...chatScope(scope, body), strict: false };
}
