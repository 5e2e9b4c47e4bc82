import type { Attempt } from '../../core/attempt.ts';
import type { RequestContext } from '../../core/context.ts';
import { APIError } from '../../core/errors/api-error.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { Middleware } from '../../core/handler.ts';
import type { ReplyOutcome } from '../../core/reply.ts';
import type { Runtime } from '../../core/runtime.ts';

/** What is known of a target before it is called. */
export interface ObservedTarget {
  readonly path: string;
  readonly name?: string;
  readonly provider: string;
}

/** Writes down every attempt on the request's list and tells the listeners. The leaf below fills in what it finds out. */
export function observe(target: ObservedTarget, { clock, events }: Runtime): Middleware {
  return (next) => async (request, context) => {
    const attempt: Attempt = {
      ...target,
      targetId: '',
      retry: triesOf(target.path, context.attempts),
      startedAt: clock.now(),
      outcome: 'pending',
    };
    context.attempts.push(attempt);
    if (events.wants('attempt-start')) events.emit('attempt-start', { ...factsOf(context), attempt: { ...attempt } });
    const end = (outcome: ReplyOutcome) => {
      attempt.durationMs = clock.now() - attempt.startedAt;
      note(attempt, outcome);
      if (!events.wants('attempt-end')) return;
      const { error } = outcome;
      events.emit('attempt-end', {
        ...factsOf(context),
        attempt: { ...attempt },
        ...(error === undefined ? {} : { error }),
      });
    };
    try {
      const reply = await next(request, { ...context, attempt });
      reply.onSettle(end);
      return reply;
    } catch (error) {
      if (error instanceof PortkeyError) end({ result: error.kind === 'aborted' ? 'aborted' : 'failure', error });
      throw error;
    }
  };
}

function triesOf(path: string, attempts: readonly Attempt[]): number {
  let tries = 0;
  for (const attempt of attempts) if (attempt.path === path) tries++;
  return tries;
}

function factsOf({ requestId, traceId, metadata }: RequestContext) {
  return { requestId, traceId, metadata };
}

function note(attempt: Attempt, { result, error }: ReplyOutcome): void {
  attempt.outcome = result;
  if (error === undefined) return;
  attempt.errorKind = error.kind;
  attempt.errorMessage = error.message;
  if (error instanceof APIError && error.status !== undefined) attempt.status ??= error.status;
}
