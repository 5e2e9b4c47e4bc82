import type { Endpoint } from '../../../../src/core/endpoint.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { Codec, CodecScope } from '../../../../src/core/provider.ts';
import { bedrockConverse } from '../../../../src/providers/dialects/bedrock-converse/index.ts';

export const models = {
  claude: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
  claude3: 'anthropic.claude-3-5-sonnet-20241022-v2:0',
  claude37: 'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
  claude46: 'global.anthropic.claude-opus-4-6-v1',
  claude5: 'us.anthropic.claude-sonnet-5',
  claude55: 'us.anthropic.claude-sonnet-5-5',
  nova: 'us.amazon.nova-pro-v1:0',
  nova2: 'us.amazon.nova-2-lite-v1:0',
  gptOss: 'openai.gpt-oss-120b-1:0',
  gpt: 'us.openai.gpt-5.6-terra',
  llama: 'us.meta.llama3-3-70b-instruct-v1:0',
  mistral: 'mistral.mistral-large-2402-v1:0',
  qwen: 'qwen.qwen3-235b-a22b-2507-v1:0',
  profile: 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123',
} as const;

/** A scope with a fixed clock and ID; `dropped` gathers what was reported. */
export function scopeOf(options: Partial<CodecScope> & { body?: JsonObject } = {}): CodecScope & { dropped: string[] } {
  const dropped: string[] = [];
  const { body = {}, ...rest } = options;
  return {
    request: { endpoint: 'chat/completions', body },
    model: models.claude,
    stream: false,
    strict: true,
    settings: {},
    now: () => 1_700_000_000_123,
    id: () => 'id1',
    drop: (param) => dropped.push(param),
    dropped,
    ...rest,
  };
}

/** Freezes `value` all the way down: a codec that writes to it throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

/** The codec of `endpoint`. */
export function codecOf(endpoint: Endpoint): Codec {
  const codec = bedrockConverse.codecs[endpoint];
  if (codec === undefined) throw new Error(`no codec for ${endpoint}`);
  return codec;
}

/** Encodes a frozen body. */
export function encode(body: JsonObject, options: Partial<CodecScope> = {}) {
  const frozen = deepFreeze(body);
  const scope = scopeOf({ ...options, body: frozen });
  const wire = codecOf('chat/completions').encode(frozen, scope);
  return { wire, body: wire.body as JsonObject, dropped: scope.dropped };
}

/** The chunks of a stream made of `[event, payload]`, and whether it was whole. */
export function stream(events: readonly (readonly [string, unknown])[], options: Parameters<typeof scopeOf>[0] = {}) {
  const chunks: JsonObject[] = [];
  const decoder = codecOf('chat/completions').decodeStream?.(scopeOf({ stream: true, ...options }));
  for (const [event, payload] of events) {
    decoder?.push({ event, data: JSON.stringify(payload) }, (chunk) => chunks.push(chunk));
  }
  const isWhole = decoder?.end((chunk) => chunks.push(chunk));
  return { chunks, isWhole };
}
