import type { RequestContext } from '../../core/context.ts';
import { APIConnectionTimeoutError } from '../../core/errors/connection-errors.ts';
import type { Handler, ModelRequest } from '../../core/handler.ts';
import { linkedAbort } from '../../core/linked-abort.ts';
import type { Reply } from '../../core/reply.ts';
import type { Clock } from '../../core/runtime.ts';

/**
 * Calls a child with its share of the time until the deadline: that time divided by `left`, the children that may still be called, this one
 * included. It ends when the child begins to answer: a reply once begun has all the time there is.
 */
export async function withShare(
  handler: Handler,
  request: ModelRequest,
  context: RequestContext,
  { left, clock }: { readonly left: number; readonly clock: Clock },
): Promise<Reply> {
  const { deadline } = context;
  if (deadline === undefined || left <= 1) return handler(request, context);
  const now = clock.now();
  const shareMs = Math.max(0, deadline - now) / left;
  const link = linkedAbort(context.signal);
  const cancelTimer = clock.after(shareMs, () =>
    link.abort(new APIConnectionTimeoutError('share_deadline', Math.round(shareMs))),
  );
  try {
    const reply = await handler(request, { ...context, signal: link.signal, deadline: now + shareMs });
    cancelTimer();
    reply.onSettle(link.unlink);
    return reply;
  } catch (error) {
    cancelTimer();
    link.unlink();
    throw error;
  }
}
