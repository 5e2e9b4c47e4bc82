import type { HeaderMap } from '../../core/reply.ts';
import type { ByteSink, Flow, HttpBody } from '../../core/transport.ts';
import { guardedSink } from './guarded-sink.ts';
import { chunksToText, collectChunks, joinChunks } from './node-fetch-bytes.ts';
import { type Coding, contentCodings, decodeAtOnce, decodedFlow } from './node-fetch-decoding.ts';

/** The connection a body comes from. */
export interface BodySource {
  readonly headers: HeaderMap;
  readonly signal: AbortSignal;
  /** Lets the connection go on after `receive` said false. */
  resume(): void;
  /** Closes the connection, unless the body is complete. */
  stop(): void;
  /** The error for bytes that are not what the headers say. */
  brokenBody(what: string, cause: unknown): unknown;
}

/** Bytes taken off the wire before somebody reads; then the socket waits. */
const maxUnreadBytes = 65_536;

/** A response body and its flow in one object. A class without closures, because every request makes one. */
export class WireBody implements HttpBody, Flow {
  readonly #source: BodySource;
  /** Arrived and not yet handed out. */
  #chunks: Uint8Array[] = [];
  #unreadBytes = 0;
  #sink: ByteSink | undefined;
  #paused = false;
  #draining = false;
  /** The connection was told to wait. */
  #held = false;
  /** Nothing more will come. */
  #over = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(source: BodySource) {
    this.#source = source;
  }

  text(): Promise<string> {
    const whole = this.#whole();
    if (whole !== undefined) return Promise.resolve(chunksToText(whole));
    return collectChunks((sink) => this.flow(sink)).then(chunksToText);
  }

  bytes(): Promise<Uint8Array> {
    const whole = this.#whole();
    if (whole !== undefined) return Promise.resolve(joinChunks(whole));
    return collectChunks((sink) => this.flow(sink)).then(joinChunks);
  }

  flow(sink: ByteSink): Flow {
    const guarded = guardedSink(sink, () => flow.cancel());
    const codings = contentCodings(this.#source.headers);
    const flow = codings.length === 0 ? this.#start(guarded) : this.#decode(codings, guarded);
    return flow;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#drain();
  }

  cancel(): void {
    this.#sink = undefined;
    this.#chunks = [];
    if (!this.#over) this.#source.stop();
    this.#over = true;
  }

  /** Takes bytes off the wire. False when the connection must wait. */
  receive(chunk: Uint8Array): boolean {
    if (this.#over) return true;
    // Undici's parser goes on after a wait with no bytes at all: a reader that resumes another one would never come to rest.
    if (chunk.byteLength > 0) this.#take(chunk);
    this.#held = this.#paused || (this.#sink === undefined && this.#unreadBytes > maxUnreadBytes);
    return !this.#held;
  }

  /** All bytes have come. */
  complete(): void {
    this.#over = true;
    this.#drain();
  }

  /** The wire broke: the reader gets what had come, then `error`. */
  fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#failure = { error };
    this.#drain();
  }

  /** The request's signal aborted: the reader gets `reason` at once. */
  abort(reason: unknown): void {
    this.#chunks = [];
    this.#paused = false;
    this.fail(reason);
  }

  /** The chunks of a body that is here already, if it can be decoded at once: the common case, spared all else. */
  #whole(): readonly Uint8Array[] | undefined {
    if (!this.#over || this.#failure !== undefined || this.#source.signal.aborted) return undefined;
    const codings = contentCodings(this.#source.headers);
    if (codings.length === 0) return this.#chunks;
    const decoded = decodeAtOnce(codings, joinChunks(this.#chunks));
    return decoded && [decoded];
  }

  #start(sink: ByteSink): Flow {
    this.#sink = sink;
    // Later, so that the reader holds its flow before the first chunk comes.
    queueMicrotask(() => this.#drain());
    return this;
  }

  #decode(codings: readonly Coding[], sink: ByteSink): Flow {
    return decodedFlow(codings, sink, {
      signal: this.#source.signal,
      start: (raw) => this.#start(raw),
      broken: (what, cause) => this.#source.brokenBody(what, cause),
    });
  }

  #take(chunk: Uint8Array): void {
    if (this.#sink !== undefined && !this.#paused && this.#chunks.length === 0) {
      this.#sink.data(chunk);
    } else {
      this.#chunks.push(chunk);
      this.#unreadBytes += chunk.byteLength;
    }
  }

  #drain(): void {
    if (this.#draining) return;
    // The signal is not listened to any more once all bytes are here.
    if (this.#failure === undefined && this.#source.signal.aborted) {
      this.#chunks = [];
      this.#failure = { error: this.#source.signal.reason };
    }
    this.#draining = true;
    while (this.#sink !== undefined && !this.#paused) {
      const chunk = this.#chunks.shift();
      if (chunk === undefined) break;
      this.#sink.data(chunk);
    }
    this.#draining = false;
    if (this.#sink !== undefined && !this.#paused) this.#proceed(this.#sink);
  }

  /** Everything that came is handed out: tells the reader the end, or the connection to go on. */
  #proceed(sink: ByteSink): void {
    if (this.#over) {
      this.#sink = undefined;
      if (this.#failure === undefined) sink.end();
      else sink.error(this.#failure.error);
    } else if (this.#held) {
      this.#held = false;
      this.#source.resume();
    }
  }
}
