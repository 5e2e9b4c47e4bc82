import { UnreadableReplyError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope, StreamDecoder, WireEvent } from '../../../../core/provider.ts';
import { errorInside, isErrorEnvelope } from '../decode-error.ts';
import { lookup, numberIn, omit, parseJson, pick, stringOr } from '../values.ts';
import { ownStop, toFinishReason, toRefusal } from './finish-reason.ts';
import { ownMembers } from './own-members.ts';
import { type BlockReader, readBlock } from './stream-blocks.ts';
import { toServiceTier, toUsage } from './usage.ts';

type Emit = (chunk: JsonObject) => void;

/**
 * Anthropic's stream events to OpenAI chunks. Usage comes as OpenAI sends it when `stream_options.include_usage` is set: in
 * a last chunk without choices. When it is not set, the chunk with the finish reason bears it, for the accounting of whoever
 * reads the stream. Source: Claude docs, "Streaming Messages".
 */
export function decodeChatStream(scope: CodecScope): StreamDecoder {
  const stream = openStream(scope);
  const handlers: Readonly<Record<string, (data: JsonObject, emit: Emit) => void>> = {
    message_start: stream.start,
    content_block_start: stream.blockStart,
    content_block_delta: stream.blockDelta,
    content_block_stop: stream.blockStop,
    message_delta: stream.messageDelta,
    message_stop: (_, emit) => stream.finish(emit),
  };
  return {
    push(event, emit) {
      const data = readEvent(event);
      if (data === undefined) return false;
      const type = data['type'] ?? event.event;
      lookup(handlers, type)?.(data, emit);
      return type === 'message_stop';
    },
    end: () => stream.isFinished(),
  };
}

/** The JSON of `event`; undefined for one without data. Throws the error an error event stands for. */
export function readEvent(event: WireEvent): JsonObject | undefined {
  const text = event.data.trim();
  // Not Anthropic's, but some servers of its format close like OpenAI.
  if (text === '' || text === '[DONE]') return undefined;
  const data = parseJson(text);
  if (!isJsonObject(data)) throw new UnreadableReplyError('A stream event is not a JSON object', event.data);
  if (event.event === 'error' || isErrorEnvelope(data)) throw errorInside(data);
  return data;
}

interface OpenStream {
  start(data: JsonObject, emit: Emit): void;
  blockStart(data: JsonObject, emit: Emit): void;
  blockDelta(data: JsonObject, emit: Emit): void;
  blockStop(data: JsonObject, emit: Emit): void;
  messageDelta(data: JsonObject, emit: Emit): void;
  finish(emit: Emit): void;
  isFinished(): boolean;
}

function openStream(scope: CodecScope): OpenStream {
  const writer = chunkWriter(scope);
  const blocks = new Map<number, BlockReader>();
  let calls = 0;
  let contentLength = 0;
  const blockScope = {
    strict: scope.strict,
    nextCall: () => calls++,
    advance(text: string) {
      contentLength += text.length;
      return contentLength;
    },
  };
  let stop: JsonObject = {};
  let isFinished = false;
  const stream: OpenStream = {
    start: ({ message }, emit) => writer.start(isJsonObject(message) ? message : {}, emit),
    blockStart({ index, content_block: block }, emit) {
      if (!isJsonObject(block)) return;
      const reader = readBlock(block, numberIn(index) ?? 0, blockScope);
      blocks.set(numberIn(index) ?? 0, reader);
      writer.deltas(reader.start(), emit);
    },
    blockDelta({ index, delta }, emit) {
      const reader = blocks.get(numberIn(index) ?? 0);
      if (reader !== undefined && isJsonObject(delta)) writer.deltas(reader.delta(delta), emit);
    },
    blockStop({ index }, emit) {
      writer.deltas(blocks.get(numberIn(index) ?? 0)?.stop() ?? [], emit);
      blocks.delete(numberIn(index) ?? 0);
    },
    messageDelta(data, emit) {
      const delta = isJsonObject(data['delta']) ? data['delta'] : {};
      stop = { ...stop, ...pick(delta, ['stop_reason', 'stop_sequence', 'stop_details']) };
      writer.learn({ ...delta, ...omit(data, ['type', 'delta']) });
      if (typeof delta['stop_reason'] === 'string') stream.finish(emit);
    },
    finish(emit) {
      if (isFinished) return;
      isFinished = true;
      for (const reader of blocks.values()) writer.deltas(reader.stop(), emit);
      writer.finish(stop, calls > 0, emit);
    },
    isFinished: () => isFinished,
  };
  return stream;
}

/** Writes the chunks of one stream; keeps what is said of the whole message until its end. */
function chunkWriter(scope: CodecScope) {
  const options = scope.request.body['stream_options'];
  const isUsageAsked = isJsonObject(options) && options['include_usage'] === true;
  let base: JsonObject | undefined;
  let usage: JsonObject = {};
  let own: JsonObject = {};

  const learn = (message: JsonObject) => {
    const counts = isJsonObject(message['usage']) ? message['usage'] : {};
    usage = { ...usage, ...pick(counts, Object.keys(counts)) };
    own = { ...own, ...ownMembers(message) };
  };
  const start = (message: JsonObject, emit: Emit): JsonObject => {
    learn(message);
    base = {
      id: stringOr(message['id'], scope.id()),
      object: 'chat.completion.chunk',
      created: Math.floor(scope.now() / 1000),
      model: stringOr(message['model'], scope.model),
      ...toServiceTier(usage),
    };
    emit(chunk(base, { delta: { role: 'assistant', content: null } }));
    return base;
  };
  const chunk = (members: JsonObject, choice: JsonObject): JsonObject => ({
    ...members,
    choices: [{ index: 0, logprobs: null, finish_reason: null, ...choice }],
    ...(isUsageAsked ? { usage: null } : {}),
  });
  return {
    learn,
    start,
    deltas(deltas: readonly JsonObject[], emit: Emit) {
      if (deltas.length === 0) return;
      const members = base ?? start({}, emit);
      for (const delta of deltas) emit(chunk(members, { delta }));
    },
    finish(stop: JsonObject, hasToolCalls: boolean, emit: Emit) {
      const members = base ?? start({}, emit);
      const refusal = toRefusal(stop);
      const total = Object.keys(usage).length === 0 ? undefined : toUsage(usage, scope.strict);
      const choice = {
        delta: refusal === null ? {} : { refusal },
        finish_reason: toFinishReason(stop['stop_reason'], hasToolCalls),
        ...(scope.strict ? {} : ownStop(stop)),
      };
      const last = { ...chunk(members, choice), ...(scope.strict ? {} : own) };
      emit(isUsageAsked || total === undefined ? last : { ...last, usage: total });
      if (isUsageAsked && total !== undefined) emit({ ...members, choices: [], usage: total });
    },
  };
}
