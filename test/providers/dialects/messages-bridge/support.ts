import type { JsonObject } from '../../../../src/core/json.ts';
import type { Codec, CodecScope } from '../../../../src/core/provider.ts';
import { type BridgeOptions, bridgeMessages } from '../../../../src/providers/dialects/messages-bridge/index.ts';
import { deepFreeze } from '../anthropic-messages/support.ts';

/** A chat codec whose wire is OpenAI's own shape; a stream ends with `[DONE]`. */
export const plainChat: Codec = {
  encode: (body) => ({ path: '/chat/completions', body }),
  decode: (reply) => reply as JsonObject,
  decodeStream() {
    let isDone = false;
    return {
      push({ data }, emit) {
        if (data === '[DONE]') isDone = true;
        else emit(JSON.parse(data));
      },
      end: () => isDone,
    };
  },
};

export function scopeOf(options: Partial<CodecScope> = {}, body: JsonObject = {}): CodecScope {
  return {
    request: { endpoint: 'messages', body },
    model: 'gpt-9',
    stream: false,
    strict: true,
    settings: {},
    now: () => 1_700_000_000_500,
    id: () => 'made-up-id',
    drop: () => {},
    ...options,
  };
}

/** The chat body that a frozen Anthropic body becomes, and the parameters reported as dropped. */
export function translate(body: JsonObject, options: BridgeOptions = {}, scope: Partial<CodecScope> = {}) {
  const drops: string[] = [];
  const wire = bridgeMessages(plainChat, options).encode(
    deepFreeze(body),
    scopeOf({ drop: (param) => drops.push(param), ...scope }, body),
  );
  return { body: wire.body as JsonObject, drops };
}

/** The Anthropic message that a frozen chat completion becomes. */
export function toMessage(completion: JsonObject): JsonObject {
  return bridgeMessages(plainChat).decode(deepFreeze(completion), scopeOf());
}

/** The Anthropic events that chunks become. */
export function toEvents(chunks: readonly JsonObject[], isCut = false) {
  const decoder = bridgeMessages(plainChat).decodeStream!(scopeOf({ stream: true }));
  const events: JsonObject[] = [];
  const emit = (event: JsonObject) => events.push(event);
  for (const chunk of chunks) decoder.push({ data: JSON.stringify(chunk) }, emit);
  if (!isCut) decoder.push({ data: '[DONE]' }, emit);
  return { isWhole: decoder.end(emit), events };
}
