import type { TargetInfo } from '../../core/attempt.ts';
import { factsOf, type RequestContext } from '../../core/context.ts';
import { APIError } from '../../core/errors/api-error.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { CooldownError } from '../../core/errors/routing-errors.ts';
import type { Middleware } from '../../core/handler.ts';
import type { ReplyOutcome } from '../../core/reply.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { TargetState } from '../state/target-state.ts';
import type { TargetStates } from '../state/target-states.ts';
import { type FailureLimits, failureLimit } from './failure-limit.ts';
import { retryAfterMs, statusesWithRetryAfter } from './retry-delay.ts';
import type { SharedLink } from './shared/link.ts';

/** When a target cools down, and for how long. */
export interface CooldownPolicy extends FailureLimits {
  /** Failures are counted over this time. */
  readonly windowMs: number;
  /** How long the first opening lasts; each repeat doubles it. */
  readonly timeMs: number;
  readonly maxTimeMs: number;
  /** In place of `timeMs` after a key or account was refused. */
  readonly authTimeMs?: number | undefined;
  /** Also opens when this part of the window's requests failed, 0 to 1. */
  readonly failureRatio?: number | undefined;
  /** Requests within the window before `failureRatio` means anything. */
  readonly minRequests: number;
}

/** What cools. */
export interface CoolingTarget {
  readonly path: string;
  readonly name?: string | undefined;
  readonly state: TargetState;
  /** Told of every turn, so that whoever waits looks again. */
  readonly states: TargetStates;
  /** Told of every opening, so that other processes need not find out; absent where this one is alone. */
  readonly shared?: Pick<SharedLink, 'open' | 'glance'> | undefined;
}

/** Takes a failing target out of use for a while: its calls are refused at once with `CooldownError`, then one probe decides. A stream that answered and breaks later counts as failed. */
export function cooldown(policy: CooldownPolicy, target: CoolingTarget, runtime: Runtime): Middleware {
  const { circuit } = target.state;
  const watch = cooldownWatch(policy, target, runtime);
  return (next) => async (request, context) => {
    const nowMs = runtime.clock.now();
    const isForced = context.ignoresCooldowns === true;
    const entry = isForced ? 'pass' : circuit.enter(nowMs);
    target.shared?.glance();
    if (entry === 'refused') throw refusal(target, circuit.readyAt() - nowMs);
    const wasProbe = entry === 'probe';
    try {
      const reply = await next(request, context);
      if (wasProbe || isForced) watch.answered(context);
      reply.onSettle((outcome) => watch.ended(outcome, context));
      return reply;
    } catch (error) {
      watch.failed(error, context, wasProbe);
      throw error;
    }
  };
}

function refusal({ path, ...target }: CoolingTarget, readyInMs: number): CooldownError {
  const error = new CooldownError({ path, of: 'target', readyInMs });
  error.target = infoOf({ path, ...target });
  return error;
}

function infoOf({ path, name, state }: CoolingTarget): TargetInfo {
  return { path, targetId: state.id, provider: state.provider, ...(name === undefined ? {} : { name }) };
}

/** Draws the conclusions from how calls of one target end. */
export function cooldownWatch(policy: CooldownPolicy, target: CoolingTarget, { clock, events }: Runtime) {
  const { state, states } = target;
  const { circuit } = state;
  const exceeds = failureCounter(policy, state);
  const tally = policy.failureRatio === undefined ? undefined : state.tally(policy.windowMs);

  function answered(context: RequestContext): void {
    if (!circuit.close(clock.now())) return;
    // Told before those who wait go on: their attempts come after it.
    if (events.wants('target-close')) events.emit('target-close', { ...factsOf(context), target: infoOf(target) });
    states.turned();
  }

  function open(error: PortkeyError, context: RequestContext, wasProbe: boolean): void {
    const nowMs = clock.now();
    const { maxTimeMs } = policy;
    const isDead = error.kind === 'auth' || error.kind === 'billing';
    const timeMs = isDead ? (policy.authTimeMs ?? policy.timeMs) : policy.timeMs;
    const isNew = circuit.trip(nowMs, { timeMs, maxTimeMs, atLeastMs: askedForMs(error, nowMs), wasProbe });
    if (!isNew) return;
    state.clearCounts();
    const openUntil = circuit.openUntil() ?? nowMs;
    target.shared?.open(state.id, openUntil);
    if (events.wants('target-open'))
      events.emit('target-open', { ...factsOf(context), target: infoOf(target), openUntil, error });
    states.turned();
  }

  function failed(error: unknown, context: RequestContext, wasProbe: boolean): void {
    const limit = error instanceof PortkeyError ? failureLimit(error, context, policy) : undefined;
    if (limit === undefined) {
      if (!wasProbe) return;
      circuit.release();
      states.turned();
      return;
    }
    const isClosed = circuit.openUntil() === undefined;
    // A failure of an open circuit, a probe's or a straggler's, needs no counting.
    if (!isClosed || exceeds(limit, clock.now())) open(error as PortkeyError, context, wasProbe);
  }

  function ended({ result, error }: ReplyOutcome, context: RequestContext): void {
    if (result === 'failure') failed(error, context, false);
    else if (result === 'success') tally?.add(clock.now(), false);
  }
  return { answered, failed, ended, open };
}

/** Counts a failure; true when it is one too many. */
function failureCounter(policy: CooldownPolicy, state: TargetState) {
  const { windowMs, failureRatio, minRequests } = policy;
  const tally = failureRatio === undefined ? undefined : state.tally(windowMs);
  return ({ of, allowedFails }: { readonly of: string; readonly allowedFails: number }, nowMs: number): boolean => {
    const entries = Number.isFinite(allowedFails) ? allowedFails + 1 : 1;
    const log = state.failures(of, { windowMs, entries });
    log.add(nowMs);
    tally?.add(nowMs, true);
    if (log.countSince(nowMs - windowMs) > allowedFails) return true;
    if (tally === undefined || failureRatio === undefined) return false;
    const { requests, failures } = tally.totals(nowMs);
    return requests >= minRequests && failures >= failureRatio * requests;
  };
}

/** No provider asks for longer in earnest. */
const longestAskedForMs = 24 * 60 * 60 * 1000;

function askedForMs(error: PortkeyError, nowMs: number): number {
  if (!(error instanceof APIError) || !statusesWithRetryAfter.includes(error.status ?? 0)) return 0;
  return Math.min(retryAfterMs(error.headers, nowMs) ?? 0, longestAskedForMs);
}
