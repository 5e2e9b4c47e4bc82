import { bearsContent } from '../../core/content.ts';
import type { RequestContext } from '../../core/context.ts';
import { APIError, apiError } from '../../core/errors/api-error.ts';
import type { PortkeyError } from '../../core/errors/portkey-error.ts';
import { TruncatedStreamError, UnreadableReplyError } from '../../core/errors/reply-errors.ts';
import { filteredFacts, isFiltered } from '../../core/filtered.ts';
import type { JsonObject } from '../../core/json.ts';
import type { StreamDecoder } from '../../core/provider.ts';
import type { Reply, ReplyOutcome } from '../../core/reply.ts';
import type { Clock } from '../../core/runtime.ts';
import { settlement } from '../../core/settlement.ts';
import type { Flow, HttpResponse } from '../../core/transport.ts';
import { createChunkStream } from '../../providers/transport/chunk-stream.ts';
import { brokenUsage, estimatedUsage } from './estimated-usage.ts';
import { toReadingError } from './failure.ts';
import type { LeafCall } from './leaf-call.ts';
import { type StreamTally, streamTally } from './stream-tally.ts';

/**
 * Opens a stream. The promise settles at the first content-bearing chunk: until then the prelude is held back, and any failure
 * rejects, so that a retry or fallback above still works. After it, failures go to the reader, with what was received, and `clean`: of the keys
 * that the provider repeats in them.
 */
export async function streamReply(
  response: HttpResponse,
  call: LeafCall,
  clean: (error: PortkeyError) => void,
): Promise<Reply> {
  const decoder = call.codec.decodeStream?.(call.scope);
  if (decoder === undefined || isWhole(response, call)) throw await notAStream(response, call);
  return new Promise((resolve, reject) =>
    connect(response, decoder, openReader(response, call, { resolve, reject, clean }), call),
  );
}

/** JSON or HTML in answer to `stream: true`: an error in a 200, or somebody else's page. */
function isWhole({ headers }: HttpResponse, { dialect }: LeafCall): boolean {
  const type = headers['content-type'] ?? '';
  if (type.startsWith('text/html')) return true;
  return type.startsWith('application/json') && dialect.framing !== 'json-array' && dialect.framing !== 'ndjson';
}

async function notAStream(response: HttpResponse, call: LeafCall): Promise<PortkeyError> {
  const text = await response.body.text();
  try {
    call.codec.decode(JSON.parse(text), call.scope);
  } catch (error) {
    if (error instanceof APIError) return error;
  }
  return new UnreadableReplyError(
    `${call.seat.provider.title} answered a streamed call without a stream`,
    text,
    response.headers,
  );
}

/** The promise of a reply. */
interface Promised {
  resolve(reply: Reply): void;
  reject(error: PortkeyError): void;
}

/** The promise, and what failures are rid of before anybody sees them. */
interface Ends extends Promised {
  clean(error: PortkeyError): void;
}

/** The reader's end of a stream: takes chunks, the end, and failures. */
interface StreamReader {
  /** `text`: the JSON that the chunk was read from, where it is as it came. */
  emit(chunk: JsonObject, text?: string): void;
  finish(): void;
  breakOff(error: unknown): void;
  isOver(): boolean;
  /** Hands over the wire, once it flows. */
  attach(flow: Flow): void;
}

function openReader({ status, headers }: HttpResponse, call: LeafCall, { clean, ...promise }: Ends): StreamReader {
  const { context, request, runtime, target } = call;
  const tally = streamTally();
  const settled = settlement();
  let phase: 'prelude' | 'open' | 'over' = 'prelude';
  let flow: Flow | undefined;
  let isHeld = false;
  const { open, producer } = createChunkStream({
    pause() {
      isHeld = true;
      if (phase === 'open') hold(flow, context);
    },
    resume() {
      isHeld = false;
      flow?.resume();
      context.progress?.('chunk');
    },
    close: () => flow?.cancel(),
    onSettle: (result, error) => settled.settle(toOutcome(result, error, countsAt(result, tally, call))),
  });

  // Let go of when kept: it holds the reply, and only the reader may hold the stream. See `createChunkStream`.
  let promised: Promised | undefined = promise;

  function commit(): void {
    phase = 'open';
    if (context.attempt !== undefined) context.attempt.firstTokenMs = runtime.clock.now() - context.attempt.startedAt;
    context.progress?.('content');
    // A prelude must not wait for a reader, who comes only after it.
    if (isHeld) hold(flow, context);
    const reply = { status, headers, target, retries: 0, cache: 'DISABLED', onSettle: settled.onSettle } as const;
    promised?.resolve({ ...reply, body: { kind: 'stream', chunks: open() } });
    promised = undefined;
  }

  return {
    emit(chunk, text) {
      producer.push(chunk, kept(text, context));
      tally.note(chunk);
      if (phase === 'prelude') {
        if (!bearsContent(request.endpoint, chunk)) return;
        if (context.refusesFiltered === true) refuseFiltered(chunk, tally, call);
        commit();
      } else if (!isHeld) context.progress?.('chunk');
    },
    finish() {
      if (phase === 'prelude') commit();
      phase = 'over';
      producer.end();
    },
    breakOff(thrown) {
      if (phase === 'over') return;
      const wasOpen = phase === 'open';
      phase = 'over';
      flow?.cancel();
      const error = toReadingError(thrown, tally.received().content);
      if (!wasOpen) return promised?.reject(error);
      clean(error);
      if (error instanceof APIError) error.received = tally.received();
      producer.fail(toldTo(error, call));
    },
    isOver: () => phase === 'over',
    attach(wire) {
      flow = wire;
    },
  };
}

// The lines of an event's data are joined by them; in JSON they mean nothing.
const lineBreak = /[\n\r]/;

function kept(text: string | undefined, { call }: RequestContext): string | undefined {
  return text !== undefined && call.wantsText === true && !lineBreak.test(text) ? text : undefined;
}

/** Before the first content another target can still answer, where one takes such a request. */
function refuseFiltered(chunk: JsonObject, tally: StreamTally, call: LeafCall): void {
  if (!isFiltered(call.request.endpoint, chunk)) return;
  const error = apiError({ ...filteredFacts, error: chunk });
  const usage = brokenUsage(call, tally.usage(), tally.written());
  if (usage !== undefined) error.usage = usage;
  throw error;
}

function countsAt(result: ReplyOutcome['result'], tally: StreamTally, call: LeafCall): Counts {
  return { usage: usageAt(result, tally, call), chunks: tally.chunkCount() };
}

interface Counts {
  readonly usage: ReplyOutcome['usage'];
  readonly chunks: number;
}

function usageAt(result: ReplyOutcome['result'], tally: StreamTally, call: LeafCall): ReplyOutcome['usage'] {
  if (result === 'success') return tally.usage() ?? estimatedUsage(call, tally.written());
  return brokenUsage(call, tally.usage(), tally.written());
}

function hold(flow: Flow | undefined, { progress }: RequestContext): void {
  flow?.pause();
  progress?.('held');
}

function toOutcome(
  result: ReplyOutcome['result'],
  error: PortkeyError | undefined,
  { usage, chunks }: Counts,
): ReplyOutcome {
  return {
    result,
    chunks,
    ...(error === undefined ? {} : { error }),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** A failure that goes straight to the reader passes no handler above: it gets its facts here. */
function toldTo(error: PortkeyError, { context, target }: LeafCall): PortkeyError {
  error.target ??= target;
  error.attempts = context.attempts;
  error.traceId = context.traceId;
  error.requestId = context.requestId;
  return error;
}

/** Lets the wire flow through framing and decoder into `reader`. */
function connect(response: HttpResponse, decoder: StreamDecoder, reader: StreamReader, call: LeafCall): void {
  const guarded = (step: () => void) => {
    if (reader.isOver()) return;
    try {
      step();
    } catch (error) {
      reader.breakOff(error);
    }
  };
  let flow: Flow | undefined;
  let cancelRelease: (() => void) | undefined;
  const framing = call.framing((event) =>
    guarded(() => {
      if (decoder.push(event, reader.emit) !== true) return;
      reader.finish();
      if (flow !== undefined) cancelRelease = release(flow, call.runtime.clock);
    }),
  );
  flow = response.body.flow({
    data: (bytes) => guarded(() => framing.feed(bytes)),
    end() {
      cancelRelease?.();
      guarded(() => {
        framing.end();
        if (reader.isOver()) return;
        if (!decoder.end(reader.emit))
          throw new TruncatedStreamError(
            `The stream of ${call.seat.provider.title} ended without finish reason and end marker`,
          );
        reader.finish();
      });
    },
    error(error) {
      cancelRelease?.();
      reader.breakOff(error);
    },
  });
  reader.attach(flow);
}

const lastBytesMs = 1000;

/** After the end marker the connection comes free with the last bytes of the response; one that a server keeps open is closed. */
function release(flow: Flow, clock: Clock): () => void {
  flow.resume();
  return clock.after(lastBytesMs, () => flow.cancel());
}
