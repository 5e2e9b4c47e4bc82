import { APIConnectionTimeoutError } from '../../core/errors/connection-errors.ts';
import type { Middleware } from '../../core/handler.ts';
import { linkedAbort } from '../../core/linked-abort.ts';
import type { Clock } from '../../core/runtime.ts';

/**
 * `total_timeout`: bounds everything below it in time: retries, fallbacks, waits, and a stream until its last chunk. The call's own beats
 * `standingMs`, which is undefined where only calls bring one.
 */
export function deadline(standingMs: number | undefined, clock: Clock): Middleware {
  return (next) => async (request, context) => {
    const timeoutMs = context.call.totalTimeoutMs ?? standingMs;
    if (timeoutMs === undefined) return next(request, context);
    const link = linkedAbort(context.signal);
    const cancelTimer = clock.after(timeoutMs, () =>
      link.abort(new APIConnectionTimeoutError('total_timeout', timeoutMs)),
    );
    const finish = () => {
      cancelTimer();
      link.unlink();
    };
    const ends = clock.now() + timeoutMs;
    try {
      const reply = await next(request, {
        ...context,
        signal: link.signal,
        deadline: context.deadline === undefined ? ends : Math.min(ends, context.deadline),
      });
      reply.onSettle(finish);
      return reply;
    } catch (error) {
      finish();
      throw error;
    }
  };
}
