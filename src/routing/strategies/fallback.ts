import { factsOf, type RequestContext } from '../../core/context.ts';
import { apiError } from '../../core/errors/api-error.ts';
import { type ErrorEdge, followsEdge } from '../../core/errors/kind.ts';
import { isListedStatus } from '../../core/errors/listed-status.ts';
import { isOwnRefusal } from '../../core/errors/own-refusal.ts';
import type { PortkeyError } from '../../core/errors/portkey-error.ts';
import { NoTargetError } from '../../core/errors/routing-errors.ts';
import type { EventSink } from '../../core/events.ts';
import { filteredFacts } from '../../core/filtered.ts';
import type { Handler } from '../../core/handler.ts';
import type { Clock } from '../../core/runtime.ts';
import { softFailure } from '../../core/soft-failure.ts';
import type { Child } from '../../core/strategy.ts';
import { type Failed, inTurn } from './in-turn.ts';

/** When a fallback goes on. Without either list: on every failure. With both: when one of them says so. */
export interface FallbackPolicy {
  readonly path: string;
  readonly onStatusCodes?: readonly number[] | undefined;
  readonly onErrors?: readonly ErrorEdge[] | undefined;
  /** Divides the time that is left among the children that are left. */
  readonly share?: Clock | undefined;
}

/** Children in order until one answers. All failed: rejects with the last error. A caller that left, or a deadline that passed, ends it at once. */
export function fallback(children: readonly Child[], policy: FallbackPolicy, events: EventSink): Handler {
  const filterEdges = filterEdgesOf(children, policy);
  return (request, context) => {
    if (context.call.disableFallbacks === true) return firstOnly(children, policy)(request, context);
    let position = 0;
    return inTurn(request, context, {
      share: policy.share,
      left: () => children.length - position + 1,
      refusesFiltered: () => filterEdges[position - 1] === true,
      next(failed) {
        while (failed !== undefined && position < children.length && !leadsTo(children[position], failed)) position++;
        const child = children[position++];
        if (failed !== undefined && child !== undefined) reportFallback(failed, child, context, events);
        return child;
      },
      mayGoOn: (error) => goesOn(error, policy),
      failureIn: (reply) => softFailure(reply, policy.onStatusCodes),
      none: () => new NoTargetError(policy.path),
    });
  };
}

/** The call wants no other target than the first. */
function firstOnly([first]: readonly Child[], { path }: FallbackPolicy): Handler {
  return first?.handler ?? (() => Promise.reject(new NoTargetError(path)));
}

const filtered = apiError(filteredFacts);

/**
 * From which children does a reply that a content filter ended lead on? Only where `content_policy` is written on the way: a plain fallback
 * hands such a reply out, as any other.
 */
function filterEdgesOf(children: readonly Child[], policy: FallbackPolicy): readonly boolean[] {
  if (!goesOn(filtered, policy)) return children.map(() => false);
  const isNamed = policy.onErrors?.includes('content_policy') === true;
  return children.map((_, index) =>
    children
      .slice(index + 1)
      .some(({ onErrors }) =>
        onErrors === undefined ? isNamed : onErrors.includes('content_policy') || (isNamed && onErrors.includes('any')),
      ),
  );
}

function leadsTo(child: Child | undefined, failed: Failed): boolean {
  return child?.onErrors === undefined || followsEdge(failed.error.kind, child.onErrors);
}

/** Does a failure lead to the next target? A target that could not be called at all is passed over, whatever the lists say. */
export function goesOn(error: PortkeyError, { onStatusCodes, onErrors }: FallbackPolicy): boolean {
  if (onStatusCodes === undefined && onErrors === undefined) return true;
  if (isOwnRefusal(error)) return true;
  if (onErrors !== undefined && followsEdge(error.kind, onErrors)) return true;
  return onStatusCodes !== undefined && isListedStatus(error, onStatusCodes);
}

function reportFallback(failed: Failed, to: Child, context: RequestContext, events: EventSink): void {
  if (!events.wants('fallback')) return;
  events.emit('fallback', { ...factsOf(context), from: failed.child.path, to: to.path, error: failed.error });
}
