import type { RequestContext } from '../../core/context.ts';
import { APIConnectionTimeoutError } from '../../core/errors/connection-errors.ts';
import type { Handler, Middleware, ModelRequest } from '../../core/handler.ts';
import { linkedAbort } from '../../core/linked-abort.ts';
import type { Clock } from '../../core/runtime.ts';
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

/** How long a target may be waited for before it is asked, and how that is told when it took too long. */
export interface PreparedInTime {
  /** `request_timeout` of the target, milliseconds; what the call itself asks for beats it. */
  readonly requestTimeoutMs: number | undefined;
  readonly clock: Clock;
  /** Reports what stands below it as an attempt. */
  readonly observe: Middleware;
}

/** As {@link prepared}, of one target: who leaves meanwhile, or has no more time, has made an attempt on it. */
export function preparedInTime(prepare: Parameters<typeof prepared>[0], parts: PreparedInTime): Middleware {
  const { clock, observe } = parts;
  return (next) => (request, context) => {
    const waiting = prepare(request, context);
    if (waiting === undefined) return next(request, context);
    const limitMs = context.call.requestTimeoutMs ?? parts.requestTimeoutMs;
    const link = linkedAbort(context.signal);
    const cancel =
      limitMs === undefined
        ? undefined
        : clock.after(limitMs, () => link.abort(new APIConnectionTimeoutError('request_timeout', limitMs)));
    const finish = () => {
      cancel?.();
      link.unlink();
    };
    return untilAborted(waiting, link.signal)
      .finally(finish)
      .then(
        () => next(request, context),
        (error: unknown) => {
          if (!link.signal.aborted) throw error;
          return observe(() => Promise.reject(error))(request, context);
        },
      );
  };
}
