import type { Attempt } from '../core/attempt.ts';
import { PortkeyError } from '../core/errors/portkey-error.ts';
import type { HeaderMap } from '../core/reply.ts';
import { fromJsonLines, toJsonLines } from './json-lines.ts';
import { type PortkeyHeaders, portkeyHeaders } from './portkey-headers.ts';
import type { ServedReply } from './served-reply.ts';
import type { StreamSource } from './stream-source.ts';
import { tee } from './tee.ts';

declare global {
  // Declared for consumers whose `lib` does not know it; the same as in TypeScript's own.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/**
 * A streamed reply, read once with `for await`. Leaving the loop (`break`, `return`, `throw`), `await using` and
 * `controller.abort()` close the provider's socket. After an abort the loop ends without an error, as with the `openai`
 * package; a failure of the provider is thrown into it as a `PortkeyError`.
 */
export class Stream<Item> implements AsyncIterable<Item> {
  readonly #source: StreamSource<Item>;
  readonly #facts: StreamFacts;

  constructor(source: StreamSource<Item>, facts: StreamFacts) {
    this.#source = source;
    this.#facts = facts;
  }

  /** Ends the stream, its `tee()` branches included, from outside. */
  get controller(): AbortController {
    return this.#facts.controller;
  }

  /** Every attempt of the request so far, in order. The last one is under way until the stream has ended. */
  get attempts(): readonly Readonly<Attempt>[] {
    return this.#facts.attempts ?? [];
  }

  /**
   * Reads what `toReadableStream()` wrote, ours or the `openai` package's: JSON, one item a line. Aborting `controller`
   * cancels `readable`.
   */
  static fromReadableStream<Item>(
    readable: ReadableStream<Uint8Array | string>,
    controller: AbortController,
  ): Stream<Item> {
    const source = fromJsonLines<Item>(readable);
    endOnAbort(source, controller.signal);
    return new Stream(source, { controller });
  }

  /** The source itself: nothing stands between it and the reader. Throws when the stream is being read already. */
  [Symbol.asyncIterator](): StreamSource<Item> {
    return claim(this.#source);
  }

  /** Portkey's headers, without their prefix. A fresh object each time. */
  getHeaders(): PortkeyHeaders {
    return portkeyHeaders(this.#facts.headers ?? {});
  }

  /**
   * Two streams in place of this one, each with every item. The provider is read as fast as the faster reader asks; what
   * the slower one has not read yet is kept in memory, without limit. The socket closes when both have left.
   */
  tee(): [Stream<Item>, Stream<Item>] {
    const [left, right] = tee(claim(this.#source));
    return [new Stream(left, this.#facts), new Stream(right, this.#facts)];
  }

  /** The items as bytes, one JSON text a line; read as the bytes are asked for. `fromReadableStream` turns them back. */
  toReadableStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return toJsonLines(claim(this.#source));
  }

  /** Closes the provider's socket, whether the stream was read or not. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#source.return();
  }
}

/** What a {@link Stream} tells beside its items. Read when it is asked for. */
export interface StreamFacts {
  /** Aborting it must end the source. */
  readonly controller: AbortController;
  /** Names with the `x-portkey-` prefix. */
  readonly headers?: HeaderMap;
  readonly attempts?: readonly Readonly<Attempt>[];
}

/** The chunks of a served reply, typed as `Item` by the endpoint that made them. Throws when the reply is not a stream. */
export function streamOf<Item>(served: ServedReply): Stream<Item> {
  const { body } = served.reply;
  if (body.kind !== 'stream') throw new TypeError(`A reply of kind "${body.kind}" is not a stream.`);
  const source = body.chunks as unknown as StreamSource<Item>;
  return new Stream(source, abortable(served, source));
}

/** The facts of `served`, whose controller ends `source`: from the first time somebody looks at it, for most never do. */
function abortable(served: ServedReply, source: StreamSource<unknown>): StreamFacts {
  let controller: AbortController | undefined;
  return {
    attempts: served.attempts,
    get headers() {
      return served.headers;
    },
    get controller() {
      if (controller === undefined) {
        controller = served.controller;
        endOnAbort(source, controller.signal);
      }
      return controller;
    },
  };
}

const claimed = new WeakSet<object>();

/** `source`, for its one reader. Throws when there is one already, whatever holds it. */
export function claim<Source extends object>(source: Source): Source {
  if (claimed.has(source)) {
    throw new PortkeyError(
      'invalid_request',
      'This stream is already being read. To read it twice, use tee() before reading.',
    );
  }
  claimed.add(source);
  return source;
}

function endOnAbort(source: StreamSource<unknown>, signal: AbortSignal): void {
  const end = () => {
    source.return().catch(() => undefined);
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
}
