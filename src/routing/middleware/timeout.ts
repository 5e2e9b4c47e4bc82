import type { AttemptPhase, RequestContext } from '../../core/context.ts';
import { APIConnectionTimeoutError, type TimeoutKey } from '../../core/errors/connection-errors.ts';
import type { Handler, Middleware, ModelRequest } from '../../core/handler.ts';
import { linkedAbort } from '../../core/linked-abort.ts';
import type { Reply } from '../../core/reply.ts';
import type { Clock } from '../../core/runtime.ts';

/** Time limits of one attempt, in milliseconds; an absent one does not limit. */
export interface AttemptTimeouts {
  /** Until the response headers. */
  readonly requestTimeoutMs?: number | undefined;
  /** Streams: until the first content-bearing chunk. */
  readonly firstTokenTimeoutMs?: number | undefined;
  /** Streams: between chunks, from the first content on. A provider made to wait for its reader is not silent. */
  readonly idleTimeoutMs?: number | undefined;
}

/** Limits each attempt with separate timers, so that a slow start, a slow first token and a stall are told apart. What the call itself asks for beats the target's. */
export function timeout(timeouts: AttemptTimeouts, clock: Clock): Middleware {
  const standing = hasAny(timeouts);
  return (next) => {
    const limited = limitedBy(next, clock);
    return (request, context) => {
      const { requestTimeoutMs, firstTokenTimeoutMs } = context.call;
      const isOwn = requestTimeoutMs !== undefined || firstTokenTimeoutMs !== undefined;
      if (!standing && !isOwn) return next(request, context);
      return limited(isOwn ? withOwn(timeouts, { requestTimeoutMs, firstTokenTimeoutMs }) : timeouts, request, context);
    };
  };
}

function limitedBy(next: Handler, clock: Clock) {
  return async (limits: AttemptTimeouts, request: ModelRequest, context: RequestContext): Promise<Reply> => {
    const link = linkedAbort(context.signal);
    const timers = attemptTimers(limits, request.body.stream === true, clock, link.abort);
    const finish = () => {
      timers.stop();
      link.unlink();
    };
    try {
      const reply = await next(request, { ...context, signal: link.signal, progress: timers.progress });
      reply.onSettle(finish);
      return reply;
    } catch (error) {
      finish();
      throw error;
    }
  };
}

function withOwn(timeouts: AttemptTimeouts, own: AttemptTimeouts): AttemptTimeouts {
  return {
    ...timeouts,
    requestTimeoutMs: own.requestTimeoutMs ?? timeouts.requestTimeoutMs,
    firstTokenTimeoutMs: own.firstTokenTimeoutMs ?? timeouts.firstTokenTimeoutMs,
  };
}

function hasAny(timeouts: AttemptTimeouts): boolean {
  return Object.values(timeouts).some((timeoutMs) => timeoutMs !== undefined);
}

/** The timers of one attempt: each phase stops the one before it and starts its own. */
function attemptTimers(limits: AttemptTimeouts, stream: boolean, clock: Clock, abort: (reason: unknown) => void) {
  const start = (limit: TimeoutKey, timeoutMs: number | undefined) =>
    timeoutMs === undefined
      ? undefined
      : clock.after(timeoutMs, () => abort(new APIConnectionTimeoutError(limit, timeoutMs)));
  let headers = start('request_timeout', limits.requestTimeoutMs);
  let firstToken = stream ? start('first_token_timeout', limits.firstTokenTimeoutMs) : undefined;
  let idle: (() => void) | undefined;

  function progress(phase: AttemptPhase): void {
    if (phase === 'headers') {
      headers?.();
      headers = undefined;
      return;
    }
    if (phase === 'content') {
      firstToken?.();
      firstToken = undefined;
    }
    idle?.();
    idle = phase === 'held' ? undefined : start('idle_timeout', limits.idleTimeoutMs);
  }

  function stop(): void {
    headers?.();
    firstToken?.();
    idle?.();
  }
  return { progress, stop };
}
