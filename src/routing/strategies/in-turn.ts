import type { RequestContext } from '../../core/context.ts';
import { endsRequest } from '../../core/errors/money-errors.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { isRefusal } from '../../core/errors/routing-errors.ts';
import type { ModelRequest } from '../../core/handler.ts';
import type { Reply } from '../../core/reply.ts';
import type { Clock } from '../../core/runtime.ts';
import { discard } from '../../core/soft-failure.ts';
import type { Child } from '../../core/strategy.ts';
import { withShare } from './deadline-share.ts';
import { isOver, waitForRoom } from './wait-for-room.ts';

/** A child that failed, and why. */
export interface Failed {
  readonly child: Child;
  readonly error: PortkeyError;
}

/** Who comes next, and whether anybody may. */
export interface Turns {
  /** The child to call after `failed`, the first one when nothing has failed; undefined when none is left. */
  next(failed: Failed | undefined): Child | undefined;
  mayGoOn(error: PortkeyError): boolean;
  /** Children that may still be called, the one at hand included. */
  left(): number;
  /** Gives each child its share of the time that is left, by this clock; absent: all of it. */
  readonly share?: Clock | undefined;
  /** Does a reply of the child at hand that a content filter ended lead on to another? */
  refusesFiltered?(): boolean;
  /** The failure that a reply stands for, where the next child is to be asked all the same. The last child's reply is the answer. */
  failureIn?(reply: Reply): PortkeyError | undefined;
  /** What to reject with when there was no child at all. */
  none(): PortkeyError;
  /** Children not called because they have no room now. */
  passedOver?(): readonly Child[];
}

/**
 * Calls one child after the other until one answers; rejects with the last error. Where requests queue, one that was asked in vain waits for
 * those that had no room.
 */
export async function inTurn(request: ModelRequest, context: RequestContext, turns: Turns): Promise<Reply> {
  const { room, attempts } = context;
  // Those below have others beside them: it is here that is waited.
  const inner = room === undefined ? context : { ...context, room: undefined };
  const attemptsBefore = attempts.length;
  const refused: Child[] = [];
  let failed: Failed | undefined;
  let soft: Reply | undefined;
  for (let child = turns.next(failed); child !== undefined; child = turns.next(failed)) {
    const attemptsSoFar = attempts.length;
    discard(soft);
    soft = undefined;
    try {
      const reply = await callChild(child, request, inner, turns);
      const error = turns.failureIn?.(reply);
      if (error === undefined) return reply;
      soft = reply;
      failed = { child, error };
    } catch (thrown) {
      failed = { child, error: toGoOnFrom(thrown, context, turns) };
      if (isRefusal(thrown) && attempts.length === attemptsSoFar) refused.push(child);
    }
  }
  if (soft !== undefined) return soft;
  const error = failed?.error ?? turns.none();
  // A request that nobody was asked for waits above, for all of them.
  if (room === undefined || attempts.length === attemptsBefore) throw error;
  return waitForRoom(request, context, { children: withoutRoom(refused, turns), room, error, mayGoOn: turns.mayGoOn });
}

function withoutRoom(refused: readonly Child[], { passedOver }: Turns): readonly Child[] {
  return [...refused, ...(passedOver?.() ?? [])];
}

function callChild(child: Child, request: ModelRequest, context: RequestContext, turns: Turns): Promise<Reply> {
  const inner: RequestContext =
    turns.refusesFiltered?.() === true && context.refusesFiltered === undefined
      ? { ...context, refusesFiltered: true }
      : context;
  return turns.share === undefined
    ? child.handler(request, inner)
    : withShare(child.handler, request, inner, { left: turns.left(), clock: turns.share });
}

/** Throws what ends the request here. */
function toGoOnFrom(thrown: unknown, context: RequestContext, { mayGoOn }: Turns): PortkeyError {
  if (!(thrown instanceof PortkeyError) || isOver(thrown, context) || endsRequest(thrown) || !mayGoOn(thrown))
    throw thrown;
  return thrown;
}
