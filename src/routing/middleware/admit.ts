import type { TargetInfo } from '../../core/attempt.ts';
import type { Delivery, RequestContext } from '../../core/context.ts';
import type { Middleware, ModelRequest } from '../../core/handler.ts';
import type { Demand, LimitSet, Reservation } from '../../core/limit.ts';
import type { Clock } from '../../core/runtime.ts';
import type { Usage } from '../../core/usage.ts';
import type { TargetState } from '../state/target-state.ts';
import type { TargetStates } from '../state/target-states.ts';
import { usedUp } from './used-up.ts';

/** A target with limits. */
export interface LimitedTarget {
  readonly path: string;
  readonly name?: string | undefined;
  readonly state: TargetState;
  readonly limits: LimitSet;
  /** What a request needs of this target. */
  readonly demandOf: (request: ModelRequest, context: RequestContext) => Demand;
  /** Told when something came free, so that whoever waits looks again. */
  readonly states: Pick<TargetStates, 'turned'>;
}

/**
 * Lets a call through that fits every limit of its target, and reserves of all of them at once, or refuses it with what the first
 * limit says that it does not fit. Nothing waits between the questions and the reservations: two calls never get the same place. What
 * was reserved is settled when the reply ends, also of a stream dropped unread; what a failure used up is said by {@link usedUp}.
 */
export function admit(target: LimitedTarget, clock: Clock): Middleware {
  const { limits, states } = target;
  return (next) => async (request, context) => {
    const now = clock.now();
    const demand = target.demandOf(request, context);
    requireRoom(target, demand, now);
    const held = reserveAll(limits, demand, now);
    const delivery: Delivery = { phase: 'unsent' };
    try {
      const reply = await next(request, { ...context, delivery });
      reply.onSettle(({ usage }) => {
        settleAll(held, usage, clock.now());
        states.turned();
      });
      return reply;
    } catch (error) {
      settleFailed(held, error, delivery, clock.now());
      states.turned();
      throw error;
    }
  };
}

function requireRoom({ path, name, state, limits }: LimitedTarget, demand: Demand, now: number): void {
  const limit = limits.binding.find((each) => each.readyAt(demand, now) > now);
  if (limit === undefined) return;
  const error = limit.refusal(demand, now);
  const info: TargetInfo = { path, targetId: state.id, provider: state.provider };
  error.target ??= name === undefined ? info : { ...info, name };
  throw error;
}

/** The one place where a call takes what it needs: whatever is to be reserved together, also outside this process, is reserved here. */
function reserveAll({ binding, steering }: LimitSet, demand: Demand, now: number): readonly Reservation[] {
  const held: Reservation[] = [];
  for (const limit of binding) held.push(limit.reserve(demand, now));
  for (const limit of steering) held.push(limit.reserve(demand, now));
  return held;
}

function settleAll(held: readonly Reservation[], usage: Usage | undefined, now: number): void {
  for (const reservation of held) reservation.settle(usage, now);
}

const noTokens: Usage = { promptTokens: 0, completionTokens: 0 };

function settleFailed(held: readonly Reservation[], error: unknown, delivery: Delivery, now: number): void {
  const used = usedUp(error, delivery);
  if (used !== 'nothing') settleAll(held, used === 'request' ? noTokens : undefined, now);
  else for (const reservation of held) reservation.refund(now);
}
