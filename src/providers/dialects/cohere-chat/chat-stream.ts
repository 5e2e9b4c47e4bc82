import { UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { CodecScope, StreamDecoder, WireEvent } from '../../../core/provider.ts';
import { asNumber, asObject, asText, present } from '../shared/lenient.ts';
import { isUsageAsked } from '../shared/usage-asked.ts';
import { throwForReply } from './chat-reply.ts';
import { annotationsOf, finishReasonOf, logprobOf, usageOf } from './reply-parts.ts';

/**
 * A decoder for the events of a streamed `/v2/chat`. The finish chunk bears the usage, unless the caller's
 * `stream_options.include_usage` asks for a last chunk of its own. Source: "Streaming", Cohere docs.
 */
export function decodeChatStream(scope: CodecScope): StreamDecoder {
  const state: State = {
    scope,
    created: Math.floor(scope.now() / 1000),
    started: false,
    calls: new Map(),
    ended: false,
  };
  return {
    push(event, emit) {
      const data = parse(event);
      if (data === undefined) return;
      const type = asText(data.type) ?? event.event ?? '';
      const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
      read?.({ data, message: asObject(asObject(data.delta).message), state, emit });
    },
    end: () => state.ended,
  };
}

interface Call {
  readonly index: number;
  /** Have any arguments come? */
  filled: boolean;
}

interface State {
  readonly scope: CodecScope;
  /** Seconds since the epoch. */
  readonly created: number;
  id?: string;
  /** Has the role been handed out? */
  started: boolean;
  /** Tool calls by Cohere's index. */
  readonly calls: Map<number, Call>;
  ended: boolean;
}

interface Event {
  readonly data: JsonObject;
  /** `delta.message` */
  readonly message: JsonObject;
  readonly state: State;
  readonly emit: (chunk: JsonObject) => void;
}

function parse(event: WireEvent): JsonObject | undefined {
  const text = event.data.trim();
  if (text === '' || text === '[DONE]') return undefined;
  try {
    const data: unknown = JSON.parse(text);
    if (!isJsonObject(data)) throw new SyntaxError('Not an object');
    throwForReply(data);
    return data;
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new UnreadableReplyError('An event of a Cohere stream that is not a JSON object', event.data);
    }
    throw error;
  }
}

const readers: Readonly<Record<string, (event: Event) => void>> = {
  'message-start': ({ data, state }) => {
    const id = asText(data.id);
    if (id !== undefined) state.id = id;
  },
  'content-start': readContent,
  'content-delta': readContent,
  'tool-plan-delta': (event) => emitDelta(event, present({ reasoning_content: asText(event.message.tool_plan) })),
  'tool-call-start': startCall,
  'tool-call-delta': continueCall,
  'tool-call-end': endCall,
  'citation-start': readCitation,
  'message-end': endMessage,
};

function readContent(event: Event): void {
  const { data, message, state } = event;
  const block = asObject(message.content);
  const text = asText(block.text);
  const thinking = asText(block.thinking);
  const pieces = { ...(text ? { content: text } : {}), ...(thinking ? { reasoning_content: thinking } : {}) };
  const kept = state.scope.strict ? {} : { content_blocks: [{ index: asNumber(data.index) ?? 0, delta: block }] };
  const logprobs = isJsonObject(data.logprobs) ? [logprobOf(data.logprobs)] : [];
  emitDelta(event, { ...pieces, ...kept }, logprobs);
}

function startCall(event: Event): void {
  const { data, message, state } = event;
  const given = asObject(message.tool_calls);
  const { name, arguments: text } = asObject(given.function);
  const call: Call = { index: state.calls.size, filled: Boolean(text) };
  state.calls.set(asNumber(data.index) ?? call.index, call);
  const made = { name: asText(name) ?? '', arguments: asText(text) ?? '' };
  emitDelta(event, {
    tool_calls: [{ index: call.index, id: asText(given.id) ?? '', type: 'function', function: made }],
  });
}

function continueCall(event: Event): void {
  const call = callOf(event);
  const text = asText(asObject(asObject(event.message.tool_calls).function).arguments);
  if (call === undefined || !text) return;
  call.filled = true;
  emitDelta(event, { tool_calls: [{ index: call.index, function: { arguments: text } }] });
}

/** A call without parameters streams no arguments; OpenAI's are always JSON. */
function endCall(event: Event): void {
  const call = callOf(event);
  if (call === undefined || call.filled) return;
  call.filled = true;
  emitDelta(event, { tool_calls: [{ index: call.index, function: { arguments: '{}' } }] });
}

function callOf({ data, state }: Event): Call | undefined {
  return state.calls.get(asNumber(data.index) ?? state.calls.size - 1);
}

function readCitation(event: Event): void {
  const citation = asObject(event.message.citations);
  const annotations = annotationsOf(citation);
  emitDelta(event, {
    ...(annotations.length > 0 ? { annotations } : {}),
    ...(event.state.scope.strict ? {} : { citations: [citation] }),
  });
}

function endMessage(event: Event): void {
  const { state, emit } = event;
  const { finish_reason, usage, error } = asObject(event.data.delta);
  const reason = finishReasonOf(finish_reason, state.calls.size > 0, error);
  const counted = isJsonObject(usage) ? usageOf(usage, state.scope.strict) : undefined;
  const choice = {
    index: 0,
    delta: roleOf(state),
    logprobs: null,
    finish_reason: reason,
    ...(state.scope.strict ? {} : present({ native_finish_reason: finish_reason })),
  };
  const chunk = chunkOf(state, [choice]);
  const apart = isUsageAsked(state.scope);
  emit(apart || counted === undefined ? chunk : { ...chunk, usage: counted });
  if (apart && counted !== undefined) emit({ ...chunkOf(state, []), usage: counted });
  state.ended = true;
}

function emitDelta({ state, emit }: Event, delta: JsonObject, logprobs: readonly JsonObject[] = []): void {
  if (Object.keys(delta).length === 0 && logprobs.length === 0) return;
  const choice = {
    index: 0,
    delta: { ...roleOf(state), ...delta },
    logprobs: logprobs.length > 0 ? { content: logprobs, refusal: null } : null,
    finish_reason: null,
  };
  emit(chunkOf(state, [choice]));
}

/** The role, the first time. */
function roleOf(state: State): JsonObject {
  if (state.started) return {};
  state.started = true;
  return { role: 'assistant' };
}

function chunkOf(state: State, choices: readonly JsonObject[]): JsonObject {
  state.id ??= `chatcmpl-${state.scope.id()}`;
  const { id, created, scope } = state;
  const chunk = { id, object: 'chat.completion.chunk', created, model: scope.model, choices };
  return isUsageAsked(scope) ? { ...chunk, usage: null } : chunk;
}
