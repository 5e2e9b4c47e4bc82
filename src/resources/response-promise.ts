import type { Attempt } from '../core/attempt.ts';
import { companionResponse, rawResponse } from './raw-response.ts';
import type { ServedReply } from './served-reply.ts';

/** What a call returns: a promise of its value that can also tell about the response. Rejects with a `PortkeyError`. */
export class ResponsePromise<Value> extends Promise<Value> {
  readonly #served: Promise<ServedReply>;
  readonly #toValue: (served: ServedReply) => Value;

  static {
    // `await` takes a promise as it is only when its `constructor` is `Promise`; any other costs two more turns of the
    // microtask queue. It also makes `then()` return plain promises.
    Object.defineProperty(ResponsePromise.prototype, 'constructor', { value: Promise });
  }

  /** `toValue` runs when the reply is served, whether anybody waits or not; what it throws rejects the promise. */
  constructor(served: Promise<ServedReply>, toValue: (served: ServedReply) => Value) {
    super((resolve, reject) => {
      served.then((reply) => {
        try {
          resolve(toValue(reply));
        } catch (error) {
          reject(error);
        }
      }, reject);
    });
    this.#served = served;
    this.#toValue = toValue;
  }

  /** The value, and what is known about how it came. */
  async withResponse(): Promise<WithResponse<Value>> {
    const data = await this;
    const served = await this.#served;
    const response = companionResponse(served);
    return {
      data,
      response,
      request_id: response.headers.get('x-request-id') ?? response.headers.get('request-id'),
      trace_id: served.traceId,
      attempts: served.attempts,
    };
  }

  /** An unread web `Response`: JSON, bytes, or for a stream server-sent events. It and the value of a stream exclude each other. */
  asResponse(): Promise<Response> {
    this.#leaveRejectionTo();
    return this.#served.then(rawResponse);
  }

  /** A promise of `transform(value)` that tells about the same response. */
  map<Other>(transform: (value: Value) => Other): ResponsePromise<Other> {
    this.#leaveRejectionTo();
    return new ResponsePromise(this.#served, (served) => transform(this.#toValue(served)));
  }

  /** A failure is reported once: by the promise handed out instead of this one. */
  #leaveRejectionTo(): void {
    this.then(undefined, () => undefined);
  }
}

/** A value and what is known about how it came. */
export interface WithResponse<Value> {
  readonly data: Value;
  /** The provider's status and headers, and Portkey's headers. The body of a stream is not to be had: it is `data`. */
  readonly response: Response;
  /** The provider's own ID of the request, to be quoted to its support; null when it sent none. */
  readonly request_id: string | null;
  readonly trace_id: string;
  readonly attempts: readonly Readonly<Attempt>[];
}
