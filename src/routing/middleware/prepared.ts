import type { RequestContext } from '../../core/context.ts';
import type { Handler, Middleware, ModelRequest } from '../../core/handler.ts';
import { untilAborted } from '../../core/until-aborted.ts';

/** Waits for what a decision below needs to know, where it is not known yet. `prepare` rejects with `PortkeyError` only, and then so does the call. */
export function prepared(
  prepare: (request: ModelRequest, context: RequestContext) => Promise<unknown> | undefined,
): Middleware {
  return (next: Handler) => (request, context) => {
    const waiting = prepare(request, context);
    return waiting === undefined
      ? next(request, context)
      : untilAborted(waiting, context.signal).then(() => next(request, context));
  };
}
