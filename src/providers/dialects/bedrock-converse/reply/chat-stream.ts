import { UnreadableReplyError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope, StreamDecoder, WireEvent } from '../../../../core/provider.ts';
import { asNumber, asObject, asText, present } from '../../shared/lenient.ts';
import { isUsageAsked } from '../../shared/usage-asked.ts';
import { streamException } from '../decode-error.ts';
import { answersByTool } from '../request/response-format.ts';
import { extrasOf } from './envelope.ts';
import { finishReasonOf } from './finish-reason.ts';
import { type BlockReader, type BlockScope, openBlock } from './stream-blocks.ts';
import { usageOf } from './usage.ts';

type Emit = (chunk: JsonObject) => void;

/**
 * The events of `ConverseStream` to OpenAI chunks. Usage comes after the message has ended, in `metadata`: as OpenAI's last
 * chunk without choices where `stream_options.include_usage` asks for it, else on the chunk with the finish reason, which
 * waits for it. An `exception:` event throws the error it stands for. Source: Bedrock API reference, "ConverseStream".
 */
export function decodeChatStream(scope: CodecScope): StreamDecoder {
  const stream = openStream(scope);
  const steps: Readonly<Record<string, (data: JsonObject, emit: Emit) => void>> = {
    messageStart: (_, emit) => stream.write([], emit),
    contentBlockStart: stream.blockStart,
    contentBlockDelta: stream.blockDelta,
    contentBlockStop: stream.blockStop,
    messageStop: stream.messageStop,
    metadata: stream.metadata,
  };
  return {
    push(event, emit) {
      const data = readEvent(event);
      steps[event.event ?? '']?.(data, emit);
      return false;
    },
    end: stream.end,
  };
}

/** The event's payload. Throws the error that an exception event stands for. */
function readEvent({ event, data }: WireEvent): JsonObject {
  const payload = parse(data);
  if (event?.startsWith('exception:')) throw streamException(event.slice('exception:'.length), payload ?? data);
  if (payload === undefined) throw new UnreadableReplyError(`A Bedrock stream event "${event}" that is not JSON`, data);
  return payload;
}

function parse(data: string): JsonObject | undefined {
  if (data === '') return {};
  try {
    const value: unknown = JSON.parse(data);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function openStream(scope: CodecScope) {
  const writer = chunkWriter(scope);
  const text = textKeeper(scope);
  const blocks = new Map<number, BlockReader>();
  let calls = 0;
  const blockScope: BlockScope = { strict: scope.strict, nextCall: () => calls++, ...text };

  function readerAt(index: number): BlockReader {
    const reader = blocks.get(index) ?? openBlock({}, blockScope).reader;
    blocks.set(index, reader);
    return reader;
  }

  function close(emit: Emit): void {
    for (const reader of blocks.values()) writer.write(reader.stop(), emit);
    blocks.clear();
    writer.write(text.rest(), emit);
  }

  return {
    write: writer.write,
    blockStart(event: JsonObject, emit: Emit) {
      const { reader, deltas } = openBlock(asObject(event.start), blockScope);
      blocks.set(indexOf(event), reader);
      writer.write(deltas, emit);
    },
    blockDelta(event: JsonObject, emit: Emit) {
      writer.write(readerAt(indexOf(event)).delta(asObject(event.delta)), emit);
    },
    blockStop(event: JsonObject, emit: Emit) {
      writer.write(blocks.get(indexOf(event))?.stop() ?? [], emit);
      blocks.delete(indexOf(event));
    },
    messageStop(event: JsonObject, emit: Emit) {
      close(emit);
      writer.finish(event, calls > 0, emit);
    },
    metadata: writer.metadata,
    end: writer.end,
  };
}

function indexOf(event: JsonObject): number {
  return asNumber(event.contentBlockIndex) ?? 0;
}

/**
 * Counts the content, and where a tool may bring the answer holds text back until it is sure that it is the answer: what
 * a model says before it calls the tool would spoil the JSON.
 */
function textKeeper(scope: CodecScope) {
  const isHeld = answersByTool(scope);
  let held = '';
  let end = 0;
  let isAnswered = false;
  return {
    text(piece: string) {
      end += piece.length;
      if (!isHeld) return { content: piece, end };
      held += piece;
      return { content: '', end };
    },
    answered: () => {
      isAnswered = true;
    },
    rest: (): readonly JsonObject[] => (held === '' || isAnswered ? [] : [{ content: held }]),
  };
}

/** Writes the chunks of one stream. */
function chunkWriter(scope: CodecScope) {
  const usageIsApart = isUsageAsked(scope);
  const base = {
    id: scope.id(),
    object: 'chat.completion.chunk',
    created: Math.floor(scope.now() / 1000),
    model: scope.model,
  };
  let isStarted = false;
  let isStopped = false;
  /** The chunk with the finish reason while it waits for the usage. */
  let last: JsonObject | undefined;
  /** What `metadata` says of the whole. */
  let totals: JsonObject = {};

  function chunk(choice: JsonObject): JsonObject {
    const choices = [{ index: 0, logprobs: null, finish_reason: null, ...choice }];
    return { ...base, choices, ...(usageIsApart ? { usage: null } : {}) };
  }

  function write(deltas: readonly JsonObject[], emit: Emit): void {
    if (!isStarted) emit(chunk({ delta: { role: 'assistant', content: null } }));
    isStarted = true;
    for (const delta of deltas) emit(chunk({ delta }));
  }

  return {
    write,
    finish({ stopReason, ...event }: JsonObject, hasToolCalls: boolean, emit: Emit) {
      const reason = asText(stopReason);
      const choice = {
        delta: {},
        finish_reason: finishReasonOf(reason, hasToolCalls),
        ...(scope.strict ? {} : present({ native_finish_reason: reason })),
      };
      write([], emit);
      isStopped = true;
      last = { ...chunk(choice), ...extrasOf(event, scope), ...totals };
      if (usageIsApart) release(emit);
    },
    metadata(event: JsonObject, emit: Emit) {
      const usage = isJsonObject(event.usage) ? { usage: usageOf(event.usage, scope.strict) } : {};
      totals = { ...usage, ...extrasOf(event, scope) };
      if (usageIsApart) {
        emit({ ...base, choices: [], ...totals });
        totals = {};
      } else if (last !== undefined) last = { ...last, ...totals };
      release(emit);
    },
    end(emit: Emit): boolean {
      release(emit);
      return isStopped;
    },
  };

  function release(emit: Emit): void {
    if (last !== undefined) emit(last);
    last = undefined;
  }
}
