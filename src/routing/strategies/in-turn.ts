import type { RequestContext } from '../../core/context.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { ModelRequest } from '../../core/handler.ts';
import type { Reply } from '../../core/reply.ts';
import type { Child } from '../../core/strategy.ts';

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
  /** What to reject with when there was no child at all. */
  none(): PortkeyError;
}

/** Calls one child after the other until one answers; rejects with the last error. */
export async function inTurn(request: ModelRequest, context: RequestContext, turns: Turns): Promise<Reply> {
  let failed: Failed | undefined;
  for (let child = turns.next(failed); child !== undefined; child = turns.next(failed)) {
    try {
      return await child.handler(request, context);
    } catch (error) {
      if (!(error instanceof PortkeyError) || isOver(error, context) || !turns.mayGoOn(error)) throw error;
      failed = { child, error };
    }
  }
  throw failed?.error ?? turns.none();
}

/** The caller left, or a deadline above passed: nobody is asked any more. */
export function isOver(error: PortkeyError, context: RequestContext): boolean {
  return error.kind === 'aborted' || context.signal.aborted;
}
