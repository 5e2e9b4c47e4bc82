import type { RequestContext } from './context.ts';
import type { Endpoint } from './endpoint.ts';
import type { JsonObject } from './json.ts';
import type { Reply } from './reply.ts';

/** One call as the caller made it. Never changed on the way: each target derives its own body from it. */
export interface ModelRequest {
  readonly endpoint: Endpoint;
  /** The OpenAI-shaped body; for multipart endpoints the fields, files as `Blob`. */
  readonly body: JsonObject;
  /** Below `/v1`, beginning with `/`; set for `proxy` and for calls on one object, as in `/files/file-1`. */
  readonly path?: string;
  /** HTTP method, `POST` when absent. */
  readonly method?: string;
}

/** Answers a request, or rejects with a `PortkeyError` and nothing else. A leaf, a retry, a fallback and a whole config are all handlers. */
export type Handler = (request: ModelRequest, context: RequestContext) => Promise<Reply>;

/** Wraps a handler; applied once, when the config is compiled. */
export type Middleware = (next: Handler) => Handler;

/** Wraps `handler` in `stack`, whose first entry ends up outermost. */
export function compose(stack: readonly Middleware[], handler: Handler): Handler {
  return stack.reduceRight((next, middleware) => middleware(next), handler);
}
