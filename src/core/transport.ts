import type { HeaderMap } from './reply.ts';

/** A request to a provider, ready to send: translated, addressed and authorized. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | FormData;
  /** False: a redirect is handed back as it came, so that the body goes nowhere else. */
  readonly followsRedirects?: false;
}

/** Sends one HTTP request. Rejects with `APIConnectionError`, or with `signal.reason` when aborted; never for a status. */
export interface Transport {
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}

/** A response whose body is still on the wire. Exactly one of the body's readers is used, once. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: HeaderMap;
  readonly body: HttpBody;
}

/** The bytes of a response, decoded from any content encoding. An abort of the request's signal ends it with the signal's reason. */
export interface HttpBody {
  /** The whole body as UTF-8 text. */
  text(): Promise<string>;
  /** The whole body. */
  bytes(): Promise<Uint8Array>;
  /** Starts pushing chunks into `sink` as they arrive. */
  flow(sink: ByteSink): Flow;
  /** Gives the body up and closes or drains the connection. */
  cancel(): void;
}

/** Receives a body as it arrives: any number of `data`, then one of `end` and `error`. */
export interface ByteSink {
  data(chunk: Uint8Array): void;
  end(): void;
  /** The wire broke: an `APIConnectionError`, or the abort's reason. */
  error(error: unknown): void;
}

/** Holds a flowing body back and lets it go on: back-pressure reaches the socket. After `cancel` the sink hears nothing more. */
export interface Flow {
  pause(): void;
  resume(): void;
  cancel(): void;
}
