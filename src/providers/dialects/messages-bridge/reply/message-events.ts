import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope, StreamDecoder } from '../../../../core/provider.ts';
import { objectsIn, pick, stringOr } from '../../anthropic-messages/values.ts';
import { toMessageUsage } from './message-usage.ts';
import { toStop } from './stop-reason.ts';
import { type BlockWriter, toolStream } from './tool-stream.ts';

type Emit = (event: JsonObject) => void;

/**
 * The chunks that `chat` decodes as Anthropic's stream events. Blocks are closed and the message ended only when the stream
 * is at its end: usage, and with some providers arguments, come after the finish reason. Source: Claude docs, "Streaming
 * Messages".
 */
export function messageEvents(chat: StreamDecoder, scope: CodecScope): StreamDecoder {
  const writer = eventWriter(scope);
  const reader = chunkReader(writer, scope);
  const read = (emit: Emit) => (chunk: JsonObject) => {
    writer.to(emit);
    reader.read(chunk);
  };
  let isOver = false;
  const close = (emit: Emit) => {
    const isWhole = chat.end(read(emit));
    writer.to(emit);
    if (isWhole && !isOver) reader.end();
    isOver ||= isWhole;
    return isWhole;
  };
  return {
    // Nobody asks for the rest after an end marker.
    push: (event, emit) => chat.push(event, read(emit)) === true && close(emit),
    end: close,
  };
}

function chunkReader(writer: EventWriter, scope: CodecScope) {
  const tools = toolStream(writer, scope.id);
  let choice: JsonObject = {};
  let usage: unknown;
  let thinkingIndex: unknown;

  // Two blocks of thinking in a row have a signature each.
  const follow = (kept: JsonObject) => {
    const piece = isJsonObject(kept['delta']) ? kept['delta'] : {};
    if (piece['type'] !== 'thinking' && !('thinking' in piece) && !('signature' in piece)) return;
    if (thinkingIndex !== kept['index']) writer.leave('thinking');
    thinkingIndex = kept['index'];
  };
  const think = (piece: JsonObject) => {
    if (piece['type'] === 'redacted_thinking') writer.open({ type: 'redacted_thinking', data: piece['data'] });
    const signature = stringOr(piece['signature']);
    if (signature === '') return;
    writer.within('thinking');
    writer.add({ type: 'signature_delta', signature });
  };
  const readDelta = (delta: JsonObject) => {
    const { reasoning_content: reasoning, content, refusal } = delta;
    objectsIn(delta['content_blocks']).forEach(follow);
    if (stringOr(reasoning) !== '') {
      writer.within('thinking');
      writer.add({ type: 'thinking_delta', thinking: reasoning });
    }
    for (const kept of objectsIn(delta['content_blocks'])) think(isJsonObject(kept['delta']) ? kept['delta'] : {});
    for (const block of objectsIn(delta['thinking_blocks'])) think(block);
    for (const text of [stringOr(content), stringOr(refusal)].filter((piece) => piece !== '')) {
      writer.within('text');
      writer.add({ type: 'text_delta', text });
    }
    for (const call of objectsIn(delta['tool_calls'])) tools.push(call);
    if (isJsonObject(delta['function_call'])) tools.push({ index: 0, function: delta['function_call'] });
  };
  return {
    read(chunk: JsonObject) {
      writer.start(chunk);
      if (isJsonObject(chunk['usage'])) usage = chunk['usage'];
      const first = objectsIn(chunk['choices'])[0];
      if (first === undefined) return;
      choice = { ...choice, ...pick(first, ['finish_reason', 'stop_reason', 'stop_sequence']) };
      if (isJsonObject(first['delta'])) readDelta(first['delta']);
    },
    end() {
      writer.start({});
      tools.end();
      writer.finish({
        type: 'message_delta',
        delta: { ...toStop(choice, tools.hasCalls()) },
        usage: toMessageUsage(usage),
      });
    },
  };
}

interface EventWriter extends BlockWriter {
  to(emit: Emit): void;
  start(chunk: JsonObject): void;
  /** Sees to it that a block of this type is open. */
  within(type: 'text' | 'thinking'): void;
  /** Sees to it that no block of this type is open. */
  leave(type: 'thinking'): void;
  finish(messageDelta: JsonObject): void;
}

const emptyBlocks = {
  text: { type: 'text', text: '', citations: null },
  thinking: { type: 'thinking', thinking: '', signature: '' },
} as const;

function eventWriter(scope: CodecScope): EventWriter {
  let emit: Emit = () => {};
  let isStarted = false;
  let index = -1;
  let openType: string | undefined;

  const close = () => {
    if (openType !== undefined) emit({ type: 'content_block_stop', index });
    openType = undefined;
  };
  const open = (block: JsonObject) => {
    close();
    index += 1;
    openType = stringOr(block['type']);
    emit({ type: 'content_block_start', index, content_block: block });
    return index;
  };
  return {
    open,
    to(receiver) {
      emit = receiver;
    },
    start(chunk) {
      if (!isStarted) emit(messageStart(chunk, scope));
      isStarted = true;
    },
    within(type) {
      if (openType !== type) open(emptyBlocks[type]);
    },
    leave(type) {
      if (openType === type) close();
    },
    add: (delta, at = index) => emit({ type: 'content_block_delta', index: at, delta }),
    finish(messageDelta) {
      close();
      emit(messageDelta);
      emit({ type: 'message_stop' });
    },
  };
}

function messageStart(chunk: JsonObject, scope: CodecScope): JsonObject {
  return {
    type: 'message_start',
    message: {
      id: stringOr(chunk['id'], scope.id()),
      type: 'message',
      role: 'assistant',
      model: stringOr(chunk['model'], scope.model),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: toMessageUsage(undefined),
    },
  };
}
