/** An HTTP request as it came in, its body unread. A web `Request` is one. */
export interface IncomingCall {
  readonly method: string;
  /** Its path and query are looked at. */
  readonly url: string;
  readonly headers: Headers;
  /** Aborts when the caller leaves. */
  readonly signal?: AbortSignal | undefined;
  text(): Promise<string>;
  formData(): Promise<FormData>;
}
