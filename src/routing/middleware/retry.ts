import { factsOf, type RequestContext } from '../../core/context.ts';
import { APIError } from '../../core/errors/api-error.ts';
import { GuardrailError } from '../../core/errors/guardrail-error.ts';
import type { ErrorKind } from '../../core/errors/kind.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { CapacityError, isRefusal } from '../../core/errors/routing-errors.ts';
import type { Handler, Middleware, ModelRequest } from '../../core/handler.ts';
import type { Reply } from '../../core/reply.ts';
import type { Clock, Runtime } from '../../core/runtime.ts';
import { discard, failedBeforeSending, softFailure } from '../../core/soft-failure.ts';
import type { RetryBudget } from '../state/retry-budget.ts';
import { type Backoff, defaultBackoff, retryDelayMs } from './retry-delay.ts';
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
  /** Default: Portkey's waits. */
  readonly backoff?: Backoff | undefined;
  /** Bounds the tries of all calls together; what it does not allow is final at once. */
  readonly budget?: RetryBudget | undefined;
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
  /** A try of the node may ask several children in turn, as with failover: each counts as a try. */
  readonly asksSeveral?: boolean | undefined;
  /** Nobody else could answer in the meantime: then a refusal for want of room is waited out. */
  readonly isLastResort?: boolean | undefined;
  /** May the target be called at all? Once it cools down the tries left stop. */
  readonly isReady?: (() => boolean) | undefined;
}

/** Tries again after failures of the listed statuses and after connection errors, waiting in between. Where a node picks again, the call's own number of tries beats `standing`. */
export function retry(standing: RetryPolicy, place: RetryPlace, runtime: Runtime): Middleware {
  return (next) => (request, context) => {
    const inner = place.picksAgain ? remembering(context) : context;
    const policy = policyOf(standing, place, context);
    policy.budget?.noteCall(runtime.clock.now());
    return persist(() => tryOnce(next, request, inner, policy), { policy, place, context: inner, runtime });
  };
}

function policyOf(standing: RetryPolicy, { picksAgain }: RetryPlace, { call }: RequestContext): RetryPolicy {
  if (!picksAgain || call.retries === undefined) return standing;
  return { ...standing, attempts: call.retries, perError: {} };
}

async function persist(attempt: () => Promise<Tried>, rules: Rules): Promise<Reply> {
  for (let tries = 0; ; tries++) {
    const { reply, error } = await attempt();
    const delayMs = error === undefined ? undefined : delayBeforeNextTry(error, tries, rules);
    if (delayMs === undefined && reply === undefined) throw error;
    if (delayMs === undefined) return withRetries(reply as Reply, tries);
    discard(reply);
    const { place, context, runtime } = rules;
    reportRetry({ path: place.path, delayMs, error: error as PortkeyError }, context, runtime);
    await pause(delayMs, context.signal, runtime.clock);
  }
}

/** What came of a try: a failure, a reply, or a reply that is to be taken for a failure while there are tries left. */
interface Tried {
  readonly reply?: Reply;
  readonly error?: unknown;
}

async function tryOnce(
  next: Handler,
  request: ModelRequest,
  context: RequestContext,
  policy: RetryPolicy,
): Promise<Tried> {
  try {
    const reply = await next(request, context);
    // Only what was said of the reply may be said otherwise of the next one.
    const error = failedBeforeSending(reply) ? undefined : softFailure(reply, policy.onStatusCodes);
    return { reply, error };
  } catch (error) {
    return { error };
  }
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

interface Rules {
  readonly policy: RetryPolicy;
  readonly place: RetryPlace;
  readonly context: RequestContext;
  readonly runtime: Runtime;
}

/** Milliseconds to wait before asking again; undefined when the failure is final, or the wait would not fit. */
function delayBeforeNextTry(
  error: unknown,
  tries: number,
  { policy, place, context, runtime }: Rules,
): number | undefined {
  const asked = place.asksSeveral === true ? (context.tried?.get(place.path)?.length ?? 0) - 1 : 0;
  const used = Math.max(tries, asked);
  if (!(error instanceof PortkeyError) || context.signal.aborted || !mayRetry(error, used, policy)) return undefined;
  if (place.isReady?.() === false) return undefined;
  const nowMs = runtime.clock.now();
  const delayMs = waitMs(error, tries, nowMs, { policy, place, context, runtime });
  if (delayMs === undefined) return undefined;
  const late = context.deadline !== undefined && nowMs + delayMs >= context.deadline;
  if (delayMs > 0 && (late || delayMs > policy.maxWaitMs)) return undefined;
  // Asked last: only a try that is really made counts.
  return policy.budget?.take(nowMs) === false ? undefined : delayMs;
}

/** How long to wait; undefined where waiting would keep a fallback from others that have room. */
function waitMs(
  error: PortkeyError,
  tries: number,
  nowMs: number,
  { policy, place, context, runtime }: Rules,
): number | undefined {
  // A refused reply says nothing of how busy the target is.
  if (error.kind === 'guardrail' || place.hasOthers?.(context.tried?.get(place.path) ?? []) === true) return 0;
  const lacksRoom = error instanceof CapacityError;
  if (lacksRoom && place.isLastResort !== true) return undefined;
  if (lacksRoom && error.code !== 'max_concurrency') return error.retryAfterMs;
  const { useRetryAfterHeader: useHeader, backoff = defaultBackoff } = policy;
  return retryDelayMs(error, tries, { useHeader, backoff, chance: runtime.random(), nowMs });
}

/** A caller that left, an empty account, a spent budget or a broken config do not get better by asking again; what cools has said for how long, who waited has waited. */
function mayRetry(error: PortkeyError, tries: number, policy: RetryPolicy): boolean {
  if (error.kind === 'aborted' || !(error instanceof APIError)) return false;
  if (isRefusal(error) && !(error instanceof CapacityError)) return false;
  if (error instanceof GuardrailError && error.stage === 'input') return false;
  const limit = policy.perError[error.kind];
  if (limit !== undefined) return tries < limit;
  if (tries >= policy.attempts || error.kind === 'billing' || error.kind === 'budget') return false;
  return error.status === undefined || policy.onStatusCodes.includes(error.status);
}

function reportRetry(
  facts: { readonly path: string; readonly delayMs: number; readonly error: PortkeyError },
  context: RequestContext,
  { events }: Runtime,
): void {
  if (events.wants('retry')) events.emit('retry', { ...factsOf(context), ...facts });
}
