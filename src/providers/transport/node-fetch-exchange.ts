import type { HeaderMap } from '../../core/reply.ts';
import type { HttpResponse } from '../../core/transport.ts';
import { connectionError, wireError } from './connection-error.ts';
import { type BodySource, WireBody } from './node-fetch-body.ts';
import type { Outgoing } from './outgoing.ts';

/**
 * One request on a dispatcher and its response. A class, because a dispatcher wants an object with methods; classes derived from it
 * translate the callbacks of undici's versions.
 */
export class Exchange implements HttpResponse, BodySource {
  status = 0;
  headers: HeaderMap = {};
  readonly body: WireBody = new WireBody(this);
  readonly #outgoing: Outgoing;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: unknown) => void;
  #over = false;
  #close: (() => void) | undefined;
  #resume: (() => void) | undefined;

  constructor(outgoing: Outgoing, resolve: (response: HttpResponse) => void, reject: (error: unknown) => void) {
    this.#outgoing = outgoing;
    this.#resolve = resolve;
    this.#reject = reject;
    outgoing.signal.addEventListener('abort', this);
  }

  get signal(): AbortSignal {
    return this.#outgoing.signal;
  }

  resume(): void {
    // Never from within a dispatcher's callback: undici's parser is not reentrant.
    if (this.#resume !== undefined) queueMicrotask(this.#resume);
  }

  stop(): void {
    this.#release();
    this.#close?.();
  }

  brokenBody(what: string, cause: unknown): unknown {
    return connectionError(this.#outgoing, what, cause);
  }

  /** The signal has aborted. */
  handleEvent(): void {
    const { reason } = this.signal;
    this.stop();
    if (this.status === 0) this.#reject(reason);
    else this.body.abort(reason);
  }

  /** A connection takes the request; `close` closes it. */
  protected connected(close: () => void): void {
    this.#close = close;
    if (this.#over) close();
  }

  /** The head of the response has come; `resume` lets a connection that was told to wait go on. */
  protected begin(status: number, headers: HeaderMap, resume: () => void): void {
    this.status = status;
    this.headers = headers;
    this.#resume = resume;
    this.#resolve(this);
  }

  /** Bytes of the body. False when the connection must wait. */
  protected receive(chunk: Uint8Array): boolean {
    return this.body.receive(chunk);
  }

  protected complete(): void {
    this.#release();
    this.body.complete();
  }

  /** No connection could be had, or it broke. */
  fail(thrown: unknown): void {
    if (this.#over) return;
    this.#release();
    if (this.status === 0) this.#reject(wireError(this.#outgoing, 'no response came', thrown));
    else this.body.fail(wireError(this.#outgoing, 'the response broke off', thrown));
  }

  #release(): void {
    this.#over = true;
    this.signal.removeEventListener('abort', this);
  }
}
