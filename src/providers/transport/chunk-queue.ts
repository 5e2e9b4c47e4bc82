import type { PortkeyError } from '../../core/errors/index.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ChunkResult, ReplyOutcome } from '../../core/reply.ts';

/** Where a stream's chunks come from, and who is told how it ended. */
export interface ChunkSource {
  /** Enough chunks wait: hold back. */
  pause(): void;
  /** The reader has caught up: go on. */
  resume(): void;
  /** Nobody wants more: give the wire up. Called at most once, and never after `end` or `fail`. */
  close(): void;
  /**
   * Called once, as soon as the wire has no more to say, even while chunks wait to be read: what counts calls must not wait for a
   * reader who is slow or gone. `success`: it ended. `aborted`: the reader left or lost the stream before, or an error of kind
   * `aborted` ended it. `failure`: any other error.
   */
  onSettle(result: ReplyOutcome['result'], error?: PortkeyError): void;
  /** Unread chunks at which the source is paused; below half of them it is resumed. 64 when absent. */
  readonly highWaterMark?: number;
}

interface Waiter {
  /** Keeps the reader's end from being collected while it waits. */
  readonly reader: object;
  resolve(result: ChunkResult): void;
  reject(error: PortkeyError): void;
}

interface Heeded {
  readonly signal: AbortSignal;
  toError(reason: unknown): PortkeyError;
}

const done: ChunkResult = { done: true, value: undefined };

/** Chunks between the wire and one reader, either of whom may be ahead. A class: the state is shared by all it can do. */
export class ChunkQueue {
  readonly #source: ChunkSource;
  readonly #letGo: (queue: ChunkQueue) => void;
  readonly #highWaterMark: number;
  #chunks: (ChunkResult & { readonly done: false })[] = [];
  #waiters: Waiter[] = [];
  #paused = false;
  /** Nothing more comes from the source. */
  #over = false;
  #settled = false;
  /** Ended the stream and was not yet shown to the reader. */
  #failure: PortkeyError | undefined;
  #heeded: Heeded | undefined;
  #watchers: readonly ((chunk: JsonObject) => void)[] = [];

  /** `letGo` is called when the queue settles. */
  constructor(source: ChunkSource, letGo: (queue: ChunkQueue) => void) {
    this.#source = source;
    this.#letGo = letGo;
    this.#highWaterMark = source.highWaterMark ?? 64;
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  /** Dropped when the stream is over. */
  push(chunk: JsonObject, text?: string): void {
    if (this.#over) return;
    for (const see of this.#watchers) see(chunk);
    const result = { done: false, value: chunk, text } as const;
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#keep(result);
    else waiter.resolve(result);
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#settle('success');
    this.#release();
  }

  /** The reader gets what waits, then `error`. */
  fail(error: PortkeyError): void {
    if (this.#over) return;
    this.#over = true;
    this.#failure = error;
    this.#settleWith(error);
    this.#release();
  }

  next(reader: object): Promise<ChunkResult> {
    // A look at each read, in place of a listener that a long-lived signal would keep for as long as the stream is read.
    if (this.#heeded?.signal.aborted === true) this.#obey(this.#heeded);
    const result = this.#chunks.shift();
    if (result !== undefined) {
      this.#taken();
      return Promise.resolve(result);
    }
    if (!this.#over) return new Promise((resolve, reject) => this.#waiters.push({ reader, resolve, reject }));
    const error = this.#failure;
    this.#failure = undefined;
    return error === undefined ? Promise.resolve(done) : Promise.reject(error);
  }

  /** The reader is gone. */
  leave(): void {
    this.#drop();
    this.#failure = undefined;
    this.#settle('aborted');
    this.#release();
  }

  /** The reader gets `error` instead of what waits. Nothing happens when it has read everything. */
  cancel(error: PortkeyError): void {
    if (this.#over && this.#chunks.length === 0 && this.#failure === undefined) return;
    this.#drop();
    this.#failure = error;
    this.#settleWith(error);
    this.#release();
  }

  heed(signal: AbortSignal, toError: Heeded['toError']): void {
    this.#heeded = { signal, toError };
  }

  watch(see: (chunk: JsonObject) => void): void {
    this.#watchers = [...this.#watchers, see];
    for (const { value } of this.#chunks) see(value);
  }

  #obey({ signal, toError }: Heeded): void {
    this.#heeded = undefined;
    this.cancel(toError(signal.reason));
  }

  #keep(result: ChunkResult & { readonly done: false }): void {
    this.#chunks.push(result);
    if (this.#paused || this.#chunks.length < this.#highWaterMark) return;
    this.#paused = true;
    this.#source.pause();
  }

  #taken(): void {
    if (this.#over || !this.#paused || this.#chunks.length >= this.#highWaterMark / 2) return;
    this.#paused = false;
    this.#source.resume();
  }

  #drop(): void {
    this.#chunks = [];
    if (this.#over) return;
    this.#over = true;
    this.#source.close();
  }

  #settleWith(error: PortkeyError): void {
    this.#settle(error.kind === 'aborted' ? 'aborted' : 'failure', error);
  }

  #settle(result: ReplyOutcome['result'], error?: PortkeyError): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#letGo(this);
    this.#source.onSettle(result, error);
  }

  /** Nobody waits any longer: the first gets the failure, where there is one, the others the end. */
  #release(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) {
      const error = this.#failure;
      this.#failure = undefined;
      if (error === undefined) waiter.resolve(done);
      else waiter.reject(error);
    }
  }
}
