import { chatAssembler } from '../core/openai/assemble.ts';
import type { ChatCompletionChunk } from '../core/openai/chat-chunk.ts';
import type {
  ChatCompletionCreateParamsBase,
  ChatCompletionCreateParamsStreaming,
} from '../core/openai/chat-request.ts';
import type { ChatCompletionSnapshot } from '../core/openai/chat-snapshot.ts';
import { chatEventReporter } from './chat-event-reporter.ts';
import {
  asksForParsing,
  maybeParseCompletion,
  type ParsedChatCompletion,
  type ParsedContent,
  type ParseParams,
} from './chat-parse.ts';
import { ChatRunner } from './chat-runner.ts';
import type { ChatCompletionStreamEvents } from './chat-stream-events.ts';
import type { EventIterator } from './event-iterator.ts';
import { ContentFilterFinishReasonError, LengthFinishReasonError } from './parse-errors.ts';
import { Stream } from './stream.ts';

/** Body of `stream()`: that of a streaming call, whose `stream: true` may be left out. */
export type ChatCompletionStreamParams = Omit<ChatCompletionCreateParamsBase, 'stream'> & { stream?: true | undefined };

/** Makes a streaming call. It must end when `signal` aborts. */
export type CreateChatStream = (
  params: ChatCompletionCreateParamsStreaming,
  signal: AbortSignal,
) => PromiseLike<Stream<ChatCompletionChunk>>;

/** Makes a streaming call with `create` and reports by events what comes. */
export function chatStream<Params extends ChatCompletionStreamParams>(
  params: Params,
  create: CreateChatStream,
  signal?: AbortSignal | null,
): ChatCompletionStream<ParsedContent<Params>> {
  return ChatCompletionStream.of(params, create, signal);
}

/**
 * A streamed chat answer that reports by events what comes, puts it together, and can be iterated chunk by chunk; leaving
 * the loop aborts the call. Same names as in the `openai` package.
 */
export class ChatCompletionStream<
  Parsed = null,
  Events extends ChatCompletionStreamEvents<Parsed> = ChatCompletionStreamEvents<Parsed>,
> extends ChatRunner<Events, Parsed> {
  #snapshot: ChatCompletionSnapshot | undefined;

  /** Starts a call; see {@link chatStream}. */
  static of<Params extends ChatCompletionStreamParams>(
    params: Params,
    create: CreateChatStream,
    signal?: AbortSignal | null,
  ): ChatCompletionStream<ParsedContent<Params>> {
    const stream = new ChatCompletionStream<ParsedContent<Params>>();
    stream.messages.push(...params.messages);
    stream.run(() => stream.complete({ ...params, stream: true }, create), signal);
    return stream;
  }

  /** Goes on elsewhere, as in a browser, with what `toReadableStream()` sent. */
  static fromReadableStream(readable: ReadableStream<Uint8Array | string>): ChatCompletionStream<null> {
    const stream = new ChatCompletionStream<null>();
    stream.run(() => stream.#read(Stream.fromReadableStream(readable, stream.controller), {}), null);
    return stream;
  }

  /** The answer so far; undefined before the first chunk and once it is complete. */
  get currentChatCompletionSnapshot(): ChatCompletionSnapshot | undefined {
    return this.#snapshot;
  }

  /** The chunks from now on. */
  [Symbol.asyncIterator](): EventIterator<ChatCompletionChunk> {
    return this.iterate('chunk');
  }

  /** The chunks from now on as bytes, one JSON text a line. */
  toReadableStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new Stream(this[Symbol.asyncIterator](), { controller: this.controller }).toReadableStream();
  }

  /** Makes one call and reads its answer to the end. */
  protected async complete(
    params: ChatCompletionCreateParamsStreaming,
    create: CreateChatStream,
  ): Promise<ParsedChatCompletion<Parsed>> {
    return this.#read(await create(params, this.controller.signal), params);
  }

  async #read(stream: Stream<ChatCompletionChunk>, params: ParseParams): Promise<ParsedChatCompletion<Parsed>> {
    const assembler = chatAssembler();
    const report = chatEventReporter({ params, assembler, emit: (event, ...args) => this.emit(event, ...args) });
    this.emit('connect');
    for await (const chunk of stream) {
      if (asksForParsing(params)) refuseUnparsable(chunk);
      report(chunk);
      this.#snapshot = assembler.snapshot;
    }
    this.throwIfAborted();
    this.#snapshot = undefined;
    const completion = maybeParseCompletion(assembler.complete(), params);
    return this.addCompletion(completion as ParsedChatCompletion<Parsed>);
  }
}

function refuseUnparsable({ choices }: ChatCompletionChunk): void {
  for (const { finish_reason } of choices ?? []) {
    if (finish_reason === 'length') throw new LengthFinishReasonError();
    if (finish_reason === 'content_filter') throw new ContentFilterFinishReasonError();
  }
}
