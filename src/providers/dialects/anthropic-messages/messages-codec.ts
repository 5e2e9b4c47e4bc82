import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Codec, CodecScope, StreamDecoder, WireRequest } from '../../../core/provider.ts';
import { readMessage, readObject } from './reply/decode-chat.ts';
import { readEvent } from './reply/decode-chat-stream.ts';
import { encodeHeaders, withoutHeaderMembers } from './request/plain-params.ts';
import { objectsIn, omit, stringOr } from './values.ts';

/**
 * Anthropic's own shape in, the same out: a message, or its stream's events as objects with their `type`. Only what other
 * providers left in a conversation is taken out, as Anthropic refuses it. The request's own path serves calls beside it,
 * such as `/messages/count_tokens`. Source: Claude API reference, "Create a Message", "Count tokens in a Message".
 */
export const messagesCodec: Codec = { encode, decode, decodeStream };

const path = '/messages';

function encode(body: JsonObject, scope: CodecScope): WireRequest {
  const headers = encodeHeaders(body);
  const { messages, ...rest } = withoutHeaderMembers(body);
  return {
    path: scope.request.path ?? path,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    body: {
      ...rest,
      ...(scope.model === '' ? {} : { model: scope.model }),
      ...(messages === undefined ? {} : { messages: withoutForeign(messages) }),
      ...(scope.stream ? { stream: true } : {}),
    },
  };
}

function decode(reply: unknown, scope: CodecScope): JsonObject {
  const isMessage = scope.request.path === undefined || scope.request.path === path;
  return isMessage ? readMessage(reply) : readObject(reply);
}

function withoutForeign(messages: unknown): unknown {
  if (!Array.isArray(messages)) return messages;
  return messages.map(ownMessage).filter((message) => !isEmptied(message));
}

function ownMessage(message: unknown): unknown {
  if (!isJsonObject(message) || message['role'] !== 'assistant' || !Array.isArray(message['content'])) return message;
  if (!objectsIn(message['content']).some(isForeign)) return message;
  const content = message['content'].filter((block) => !isUnsigned(block));
  return {
    ...message,
    content: content.map((block) => (isJsonObject(block) ? omit(block, ['extra_content']) : block)),
  };
}

// Thinking of a model that signs nothing, and what a provider hid in a call, both from a bridged reply.
function isForeign(block: JsonObject): boolean {
  return isUnsigned(block) || 'extra_content' in block;
}

function isUnsigned(block: unknown): boolean {
  return isJsonObject(block) && block['type'] === 'thinking' && stringOr(block['signature']) === '';
}

function isEmptied(message: unknown): boolean {
  if (!isJsonObject(message) || message['role'] !== 'assistant') return false;
  return Array.isArray(message['content']) && message['content'].length === 0;
}

function decodeStream(): StreamDecoder {
  let isEnded = false;
  return {
    push(event, emit) {
      const data = readEvent(event);
      if (data === undefined) return false;
      const type = stringOr(data['type'], event.event);
      isEnded ||= type === 'message_stop' || hasStopReason(data);
      emit({ ...data, type });
      return type === 'message_stop';
    },
    end: () => isEnded,
  };
}

function hasStopReason(event: JsonObject): boolean {
  return isJsonObject(event['delta']) && typeof event['delta']['stop_reason'] === 'string';
}
