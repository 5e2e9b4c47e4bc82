import type { PortkeyError } from '../../core/errors/index.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ChunkStream } from '../../core/reply.ts';
import { ChunkQueue, type ChunkSource } from './chunk-queue.ts';

export type { ChunkSource } from './chunk-queue.ts';

/** A stream and the end that feeds it. */
export interface ChunkPipe {
  /** The stream. Made when it is handed to its reader, once: a stream that nobody ever gets leaves nothing behind. */
  open(this: void): ChunkStream;
  readonly producer: ChunkProducer;
}

/** The end of a stream that chunks are put into. What comes after its end, or after the reader has left, is dropped. */
export interface ChunkProducer {
  /** `text` is read with the chunk. */
  push(this: void, chunk: JsonObject, text?: string): void;
  end(this: void): void;
  /** The reader gets the chunks that wait, then `error`. */
  fail(this: void, error: PortkeyError): void;
}

/**
 * Makes a stream that hands chunks out without a layer of web streams. Several `next()` at a time are answered in order. Neither `source`
 * nor whoever keeps `producer` may keep the opened stream, nor what it was handed over by (a promise's `resolve` keeps its value): only then
 * is a stream that its reader lost settled, when it is collected. One that is kept so is never collected, read or not.
 */
export function createChunkStream(source: ChunkSource): ChunkPipe {
  const queue = new ChunkQueue(source, letGo);
  return {
    open() {
      const stream = toStream(queue);
      if (!queue.isSettled) lost?.register(stream, queue, queue);
      return stream;
    },
    producer: toProducer(queue),
  };
}

// Absent on some edge runtimes; there a lost stream ends with its wire.
const lost =
  typeof FinalizationRegistry === 'function'
    ? new FinalizationRegistry<ChunkQueue>((queue) => queue.leave())
    : undefined;

/**
 * A stream that settled has nothing more to be told. What is registered is kept alive, and with it all its call knew of: streams that could be
 * reached from one another's calls would keep each other for ever.
 */
function letGo(queue: ChunkQueue): void {
  lost?.unregister(queue);
}

function toStream(queue: ChunkQueue): ChunkStream {
  const stream: ChunkStream = {
    next: () => queue.next(stream),
    async return() {
      queue.leave();
      return { done: true, value: undefined };
    },
    cancel: (error) => queue.cancel(error),
    heed: (signal, toError) => queue.heed(signal, toError),
    watch: (see) => queue.watch(see),
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

function toProducer(queue: ChunkQueue): ChunkProducer {
  return {
    push: (chunk, text) => queue.push(chunk, text),
    end: () => queue.end(),
    fail: (error) => queue.fail(error),
  };
}
