import { factsOf, type RequestContext } from '../../core/context.ts';
import { APIError } from '../../core/errors/api-error.ts';
import type { ErrorKind } from '../../core/errors/kind.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { CooldownError } from '../../core/errors/routing-errors.ts';
import type { Middleware } from '../../core/handler.ts';
import type { Reply } from '../../core/reply.ts';
import type { Clock, Runtime } from '../../core/runtime.ts';
import { retryDelayMs } from './retry-delay.ts';
import { sleep } from './sleep.ts';

/** How often and when a failed call is tried again. */
export interface RetryPolicy {
  /** Extra tries, >= 1. */
  readonly attempts: number;
  readonly onStatusCodes: readonly number[];
  /** Follow `Retry-After` and its relatives on 429 and 503. */
  readonly useRetryAfterHeader: boolean;
  /** A longer wait is not waited: the failure goes up at once. Milliseconds. */
  readonly maxWaitMs: number;
  /** Extra tries for one kind of failure, in place of `attempts`. */
  readonly perError: Readonly<Partial<Record<ErrorKind, number>>>;
}

/** Statuses retried when a config names none: Portkey's, and Anthropic's 529 (overloaded). */
export const defaultRetryStatusCodes: readonly number[] = [429, 500, 502, 503, 504, 529];

/** Where a retry stands. */
export interface RetryPlace {
  readonly path: string;
  /** A node with children: each try picks again, never the child just tried while another is left. */
  readonly picksAgain: boolean;
  /** With `picksAgain`: is a child ready that is not among `tried`? Then nothing is waited for. */
  readonly hasOthers?: ((tried: readonly number[]) => boolean) | undefined;
  /** May the target be called at all? Once it cools down the tries left stop. */
  readonly isReady?: (() => boolean) | undefined;
}

/** Tries again after failures of the listed statuses and after connection errors, waiting in between. Where a node picks again, the call's own number of tries beats `standing`. */
export function retry(standing: RetryPolicy, place: RetryPlace, runtime: Runtime): Middleware {
  return (next) => async (request, context) => {
    const inner = place.picksAgain ? remembering(context) : context;
    const policy = policyOf(standing, place, context);
    for (let tries = 0; ; tries++) {
      try {
        return withRetries(await next(request, inner), tries);
      } catch (error) {
        const delayMs = delayBeforeNextTry(error, tries, { policy, place, context: inner, runtime });
        if (delayMs === undefined) throw error;
        reportRetry({ path: place.path, delayMs, error: error as PortkeyError }, context, runtime);
        await pause(delayMs, context.signal, runtime.clock);
      }
    }
  };
}

function policyOf(standing: RetryPolicy, { picksAgain }: RetryPlace, { call }: RequestContext): RetryPolicy {
  if (!picksAgain || call.retries === undefined) return standing;
  return { ...standing, attempts: call.retries, perError: {} };
}

/** A timer of 0 ms would still cost a turn of the event loop. */
function pause(delayMs: number, signal: AbortSignal, clock: Clock): Promise<void> | undefined {
  return delayMs === 0 ? undefined : sleep(delayMs, signal, clock);
}

/** The loadbalances below note whom they picked. */
function remembering(context: RequestContext): RequestContext {
  return context.tried === undefined ? { ...context, tried: new Map() } : context;
}

function withRetries(reply: Reply, tries: number): Reply {
  return tries === 0 ? reply : { ...reply, retries: tries };
}

interface Try {
  readonly policy: RetryPolicy;
  readonly place: RetryPlace;
  readonly context: RequestContext;
  readonly runtime: Runtime;
}

/** Milliseconds to wait before asking again; undefined when the failure is final, or the wait would not fit. */
function delayBeforeNextTry(
  error: unknown,
  tries: number,
  { policy, place, context, runtime }: Try,
): number | undefined {
  if (!(error instanceof PortkeyError) || context.signal.aborted || !mayRetry(error, tries, policy)) return undefined;
  if (place.isReady?.() === false) return undefined;
  if (place.hasOthers?.(context.tried?.get(place.path) ?? []) === true) return 0;
  const nowMs = runtime.clock.now();
  const delayMs = retryDelayMs(error, tries, {
    useHeader: policy.useRetryAfterHeader,
    chance: runtime.random(),
    nowMs,
  });
  const late = context.deadline !== undefined && nowMs + delayMs >= context.deadline;
  return late || delayMs > policy.maxWaitMs ? undefined : delayMs;
}

/** A caller that left, an empty account or a broken config do not get better by asking again; what cools has said for how long. */
function mayRetry(error: PortkeyError, tries: number, policy: RetryPolicy): boolean {
  if (error.kind === 'aborted' || !(error instanceof APIError) || error instanceof CooldownError) return false;
  const limit = policy.perError[error.kind];
  if (limit !== undefined) return tries < limit;
  if (tries >= policy.attempts || error.kind === 'billing') return false;
  return error.status === undefined || policy.onStatusCodes.includes(error.status);
}

function reportRetry(
  facts: { readonly path: string; readonly delayMs: number; readonly error: PortkeyError },
  context: RequestContext,
  { events }: Runtime,
): void {
  if (events.wants('retry')) events.emit('retry', { ...factsOf(context), ...facts });
}
