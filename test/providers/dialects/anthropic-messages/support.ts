import type { JsonObject } from '../../../../src/core/json.ts';
import type { Codec, CodecScope } from '../../../../src/core/provider.ts';
import { anthropicMessages } from '../../../../src/providers/dialects/anthropic-messages/index.ts';

export const chat = anthropicMessages.codecs['chat/completions'] as Required<Pick<Codec, 'decodeStream'>> & Codec;

/** A model that takes the whole classic format, so that a test sees only what it is about. */
export const classicModel = 'claude-3-5-sonnet-20241022';

export interface ScopeOptions {
  readonly body?: JsonObject;
  readonly model?: string;
  readonly stream?: boolean;
  readonly strict?: boolean;
  readonly drops?: string[];
}

export function scopeOf(options: ScopeOptions = {}): CodecScope {
  return {
    request: { endpoint: 'chat/completions', body: options.body ?? {} },
    model: options.model ?? classicModel,
    stream: options.stream ?? false,
    strict: options.strict ?? true,
    settings: {},
    now: () => 1_700_000_000_500,
    id: () => 'made-up-id',
    drop: (param) => options.drops?.push(param),
  };
}

/** Freezes `value` and all below it: whoever changes it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

/** The wire request for a frozen `body`, and the parameters reported as dropped. */
export function encode(body: JsonObject, options: ScopeOptions = {}) {
  const drops: string[] = [];
  const frozen = deepFreeze({ model: options.model ?? classicModel, ...body });
  const wire = chat.encode(frozen, scopeOf({ ...options, body: frozen, drops }));
  return { wire, drops, body: wire.body as JsonObject };
}

/** What is sent beside the members every request has. */
export function encodeParams(params: JsonObject, model = classicModel) {
  const { body, drops } = encode(
    { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 5000, ...params },
    { model },
  );
  const { model: _model, messages: _messages, max_tokens: _maxTokens, ...rest } = body;
  return { params: rest, drops };
}

/** `system` and `messages` sent for a conversation. */
export function encodeConversation(messages: readonly unknown[], options: ScopeOptions = {}) {
  const { body, drops } = encode({ messages, max_tokens: 100 }, options);
  return { system: body['system'], messages: body['messages'], drops };
}

export function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}
