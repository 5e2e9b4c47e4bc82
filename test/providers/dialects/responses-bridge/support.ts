import type { JsonObject } from '../../../../src/core/json.ts';
import type { Codec, CodecScope } from '../../../../src/core/provider.ts';
import { bridgeResponses } from '../../../../src/providers/dialects/responses-bridge/index.ts';

/** A chat codec that changes nothing: what it is given is what it sends, what it gets is what it hands out. */
export const plainChat: Codec = {
  encode: (body) => ({ path: '/chat/completions', body }),
  decode: (reply) => reply as JsonObject,
  decodeStream: () => {
    let isWhole = false;
    return {
      push(event, emit) {
        const chunk = JSON.parse(event.data);
        if (chunk.choices?.[0]?.finish_reason) isWhole = true;
        emit(chunk);
      },
      end: () => isWhole,
    };
  },
};

export const bridge = bridgeResponses(plainChat, { keepsExtras: true });

/** A scope with a fixed clock and ID; `dropped` gathers what was reported. */
export function scopeOf(body: JsonObject = {}, options: Partial<CodecScope> = {}): CodecScope & { dropped: string[] } {
  const dropped: string[] = [];
  return {
    request: { endpoint: 'responses', body },
    model: 'm-1',
    stream: false,
    strict: true,
    settings: {},
    now: () => 1_700_000_000_123,
    id: () => 'id1',
    drop: (param) => dropped.push(param),
    dropped,
    ...options,
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

/** The events made of `chunks`, and whether the stream was whole. */
export function eventsOf(chunks: readonly JsonObject[], body: JsonObject = {}) {
  const events: JsonObject[] = [];
  const decoder = bridge.decodeStream?.(scopeOf(body, { stream: true }));
  for (const chunk of chunks) decoder?.push({ data: JSON.stringify(chunk) }, (event) => events.push(event));
  const isWhole = decoder?.end((event) => events.push(event));
  return { events, isWhole };
}

const base = { id: 'c1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'm-1' };

/** A chat chunk. */
export function chunk(delta: JsonObject, finish_reason: string | null = null, extra: JsonObject = {}): JsonObject {
  return { ...base, choices: [{ index: 0, delta, finish_reason }], ...extra };
}

/** The last chunk of a stream whose usage was asked for. */
export function usageChunk(usage: JsonObject): JsonObject {
  return { ...base, choices: [], usage };
}

/** A chat completion. */
export function completion(message: JsonObject, finish_reason = 'stop', extra: JsonObject = {}): JsonObject {
  const choice = { index: 0, message: { role: 'assistant', refusal: null, ...message }, logprobs: null, finish_reason };
  return { ...base, object: 'chat.completion', choices: [choice], ...extra };
}

/** A response object as the bridge makes it for a request that says nothing. */
export function response(members: JsonObject): JsonObject {
  return {
    id: 'resp_c1',
    object: 'response',
    created_at: 1_700_000_000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model: 'm-1',
    output: [],
    output_text: '',
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: null,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    truncation: 'disabled',
    usage: null,
    metadata: {},
    ...members,
  };
}
