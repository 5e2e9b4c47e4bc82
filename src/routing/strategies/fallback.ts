import { factsOf, type RequestContext } from '../../core/context.ts';
import { type ErrorEdge, followsEdge } from '../../core/errors/kind.ts';
import { isListedStatus } from '../../core/errors/listed-status.ts';
import type { PortkeyError } from '../../core/errors/portkey-error.ts';
import { CapacityError, CooldownError, NoTargetError } from '../../core/errors/routing-errors.ts';
import type { EventSink } from '../../core/events.ts';
import type { Handler } from '../../core/handler.ts';
import type { Child } from '../../core/strategy.ts';
import { type Failed, inTurn } from './in-turn.ts';

/** When a fallback goes on. Without either list: on every failure. With both: when one of them says so. */
export interface FallbackPolicy {
  readonly path: string;
  readonly onStatusCodes?: readonly number[] | undefined;
  readonly onErrors?: readonly ErrorEdge[] | undefined;
}

/** Children in order until one answers. All failed: rejects with the last error. A caller that left, or a deadline that passed, ends it at once. */
export function fallback(children: readonly Child[], policy: FallbackPolicy, events: EventSink): Handler {
  return (request, context) => {
    let position = 0;
    return inTurn(request, context, {
      next(failed) {
        while (failed !== undefined && position < children.length && !leadsTo(children[position], failed)) position++;
        const child = children[position++];
        if (failed !== undefined && child !== undefined) reportFallback(failed, child, context, events);
        return child;
      },
      mayGoOn: (error) => goesOn(error, policy),
      none: () => new NoTargetError(policy.path),
    });
  };
}

function leadsTo(child: Child | undefined, failed: Failed): boolean {
  return child?.onErrors === undefined || followsEdge(failed.error.kind, child.onErrors);
}

/** Does a failure lead to the next target? A target that could not be called at all is passed over, whatever the lists say. */
export function goesOn(error: PortkeyError, { onStatusCodes, onErrors }: FallbackPolicy): boolean {
  if (onStatusCodes === undefined && onErrors === undefined) return true;
  if (error instanceof CooldownError || error instanceof CapacityError) return true;
  if (onErrors !== undefined && followsEdge(error.kind, onErrors)) return true;
  return onStatusCodes !== undefined && isListedStatus(error, onStatusCodes);
}

function reportFallback(failed: Failed, to: Child, context: RequestContext, events: EventSink): void {
  if (!events.wants('fallback')) return;
  events.emit('fallback', { ...factsOf(context), from: failed.child.path, to: to.path, error: failed.error });
}
