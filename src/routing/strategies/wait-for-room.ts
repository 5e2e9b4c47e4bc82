import type { RequestContext, Room } from '../../core/context.ts';
import { demandOf, type RequestDemand } from '../../core/demand.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { isRefusal } from '../../core/errors/routing-errors.ts';
import type { ModelRequest } from '../../core/handler.ts';
import type { Reply } from '../../core/reply.ts';
import type { Child } from '../../core/strategy.ts';

/** Whom a request could still ask, had they room. */
export interface Left {
  readonly children: readonly Child[];
  readonly room: Room;
  /** What it rejects with when none of them can be asked in time. */
  readonly error: PortkeyError;
  readonly mayGoOn: (error: PortkeyError) => boolean;
}

/** Waits until one of the children left has room, and asks that one; when it fails, waits for the others. */
export async function waitForRoom(request: ModelRequest, context: RequestContext, left: Left): Promise<Reply> {
  const demand = demandOf(request, context);
  const inner = { ...context, room: undefined };
  let children = left.children.filter(({ health }) => health?.fitsEver(demand) !== false);
  let { error } = left;
  while (children.length > 0) {
    const among = children;
    let asked: Child | undefined;
    try {
      return await left.room.wait(
        (now) => soonestOf(among, demand, { now, context }).readyAt,
        (onPlaced, now) => {
          asked = soonestOf(among, demand, { now, context }).child;
          return asked.handler(request, { ...inner, onPlaced });
        },
      );
    } catch (thrown) {
      error = whyToGoOn(thrown, { isAsked: asked !== undefined, context, left, error });
      children = among.filter((child) => child !== asked);
    }
  }
  throw error;
}

interface Reasons {
  readonly isAsked: boolean;
  readonly context: RequestContext;
  readonly left: Left;
  /** What was said before. */
  readonly error: PortkeyError;
}

/** What the request has failed with so far. Throws what ends it: where it waited in vain, what those said who were asked. */
function whyToGoOn(thrown: unknown, { isAsked, context, left, error }: Reasons): PortkeyError {
  if (!(thrown instanceof PortkeyError) || isOver(thrown, context)) throw thrown;
  if (!isAsked) throw error;
  if (!left.mayGoOn(thrown)) throw thrown;
  return isRefusal(thrown) ? error : thrown;
}

/** Who has room first, and when. There is at least one child. */
function soonestOf(
  children: readonly Child[],
  demand: RequestDemand,
  { now, context }: { readonly now: number; readonly context: RequestContext },
) {
  const isPanic = context.ignoresCooldowns === true;
  let child = children[0] as Child;
  let readyAt = Number.POSITIVE_INFINITY;
  for (const each of children) {
    const at = (isPanic ? each.health?.roomAt(now, demand) : each.health?.readyAt(now, demand)) ?? now;
    if (at >= readyAt) continue;
    child = each;
    readyAt = at;
  }
  return { child, readyAt };
}

/** The caller left, or a deadline above passed: nobody is asked any more. */
export function isOver(error: PortkeyError, context: RequestContext): boolean {
  return error.kind === 'aborted' || context.signal.aborted;
}
