import { watchReply } from '../../core/collect/watch-reply.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { Middleware } from '../../core/handler.ts';
import type { Clock } from '../../core/runtime.ts';

/** Follows each attempt with a span of the call's trace, from its start until its reply has ended. Where nothing is traced nothing happens. */
export function trace(clock: Clock): Middleware {
  return (next) => async (request, context) => {
    const { trace: call, attempt } = context;
    if (call === undefined || attempt === undefined) return next(request, context);
    const span = call.startAttempt(attempt);
    try {
      const reply = await next(request, { ...context, attemptTrace: span });
      const body = watchReply(reply, request.endpoint);
      reply.onSettle((outcome) => span.end(outcome, clock.now(), body()));
      return reply;
    } catch (thrown) {
      const error =
        thrown instanceof PortkeyError
          ? thrown
          : new PortkeyError('config', `Unexpected failure: ${String(thrown)}`, { cause: thrown });
      span.end({ result: error.kind === 'aborted' ? 'aborted' : 'failure', error }, clock.now());
      throw thrown;
    }
  };
}
