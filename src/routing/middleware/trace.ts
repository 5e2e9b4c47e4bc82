import { watchReply } from '../../core/collect/watch-reply.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { Middleware } from '../../core/handler.ts';
import type { Clock } from '../../core/runtime.ts';
import type { AttemptCosts } from './observe.ts';

/** Follows each attempt with a span of the call's trace, from its start until its reply has ended. Where nothing is traced nothing happens. */
export function trace(clock: Clock, costs?: AttemptCosts): Middleware {
  return (next) => async (request, context) => {
    const { trace: call, attempt } = context;
    if (call === undefined || attempt === undefined) return next(request, context);
    costs?.expect();
    const span = call.startAttempt(attempt);
    try {
      const reply = await next(request, { ...context, attemptTrace: span });
      const body = watchReply(reply, request.endpoint);
      reply.onSettle((outcome) => {
        const now = clock.now();
        // The attempt is priced further out, when its span has ended.
        const cost = outcome.usage === undefined ? undefined : costs?.costOf(attempt, outcome.usage, now);
        span.end(outcome, now, { body: body(), cost });
      });
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
