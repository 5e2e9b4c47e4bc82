import type { TargetInfo } from '../../core/attempt.ts';
import type { Delivery, RequestContext } from '../../core/context.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { Middleware, ModelRequest } from '../../core/handler.ts';
import type { Claim, Demand, LimitSet, Reservation } from '../../core/limit.ts';
import type { Clock } from '../../core/runtime.ts';
import type { Usage } from '../../core/usage.ts';
import type { TargetState } from '../state/target-state.ts';
import type { TargetStates } from '../state/target-states.ts';
import type { UpstreamGate } from '../state/upstream-gate.ts';
import type { SharedLink } from './shared/link.ts';
import { lostToOthers } from './shared/lost.ts';
import { takeShared, takingOf } from './shared/take-shared.ts';
import { heedAnswer, heedFailure } from './upstream-limit.ts';
import { usedUp } from './used-up.ts';

/** A target with limits. */
export interface LimitedTarget {
  readonly path: string;
  readonly name?: string | undefined;
  readonly state: TargetState;
  readonly limits: LimitSet;
  /** What a request needs of this target. */
  readonly demandOf: (request: ModelRequest, context: RequestContext) => Demand;
  /** What the provider says of its own limits; told what every answer says. */
  readonly gate?: UpstreamGate | undefined;
  /** Told when something came free, so that whoever waits looks again. */
  readonly states: Pick<TargetStates, 'turned'>;
  /** What other processes take of the same limits; absent where this one is alone. */
  readonly shared?: SharedLink | undefined;
}

/**
 * Lets a call through that fits every limit of its target, and reserves of all of them at once, or refuses it with what the first
 * limit says that it does not fit. Nothing waits between the questions and the reservations: two calls never get the same place. What
 * was reserved is settled when the reply ends, also of a stream dropped unread; what a failure used up is said by {@link usedUp}.
 * What other processes share is then taken there too; where they have used it up, all is given back and the call refused.
 */
export function admit(target: LimitedTarget, clock: Clock): Middleware {
  const { limits, gate, states, shared } = target;
  return (next) => async (request, context) => {
    const now = clock.now();
    const demand = target.demandOf(request, context);
    requireRoom(target, { demand, context }, now);
    const held = reserveAll(limits, demand, now);
    context.onPlaced?.();
    if (shared !== undefined) await takeElsewhere(target, shared, { demand, held, context }, clock);
    const delivery: Delivery = { phase: 'unsent' };
    try {
      const reply = await next(request, { ...context, delivery });
      if (gate !== undefined) heedAnswer(gate, reply.headers, clock.now());
      reply.onSettle(({ usage }) => {
        settleAll(held, usage, clock.now());
        states.turned();
      });
      return reply;
    } catch (error) {
      if (gate !== undefined) heedFailure(gate, error, clock.now());
      settleFailed(held, error, delivery, clock.now());
      states.turned();
      throw error;
    }
  };
}

/** Of what was granted elsewhere nothing need be left there any more. */
function requireRoom(target: LimitedTarget, { demand, context }: Omit<Placed, 'held'>, now: number): void {
  const isGranted = context.granted?.targetId === target.state.id;
  for (const each of target.limits.binding) {
    const limit = (isGranted ? each.alone : undefined) ?? each;
    if (limit.readyAt(demand, now) > now) throw aimed(limit.refusal(demand, now), target);
  }
}

/** The same error, with the target that has no room. */
function aimed(error: PortkeyError, { path, name, state }: LimitedTarget): PortkeyError {
  const info: TargetInfo = { path, targetId: state.id, provider: state.provider };
  error.target ??= name === undefined ? info : { ...info, name };
  return error;
}

/** A call that has its place here and not yet elsewhere. */
interface Placed {
  readonly demand: Demand;
  readonly held: Reservation[];
  readonly context: RequestContext;
}

/** Milliseconds. Beyond it what was granted would leave its window noticeably before the call does. */
const mostGrantAgeMs = 5;

/** Adds what is taken elsewhere to what is held. Throws, and gives all back, where others have used it up. */
async function takeElsewhere(
  target: LimitedTarget,
  shared: SharedLink,
  { demand, held, context: { granted } }: Placed,
  clock: Clock,
): Promise<void> {
  const before = granted?.targetId === target.state.id ? granted.take() : undefined;
  const isFresh = granted !== undefined && clock.now() - granted.at <= mostGrantAgeMs;
  if (before !== undefined && isFresh && isOf(takingOf(target.limits, demand).claims, granted?.keys ?? [])) {
    held.push(before);
    return;
  }
  // Prices, and whose virtual key it is, may not have been known when it was granted; what took long to come here counts from too early.
  before?.refund(clock.now());
  const asked = takeShared(target.limits, demand, shared);
  const taken = asked instanceof Promise ? await asked : asked;
  if (taken !== 'refused') {
    if (taken !== undefined) held.push(taken);
    return;
  }
  const now = clock.now();
  for (const reservation of held) reservation.refund(now);
  target.states.turned();
  throw aimed(lostToOthers(target.limits, demand, now), target);
}

function isOf(claims: readonly Claim[], keys: readonly string[]): boolean {
  return claims.length === keys.length && claims.every(({ key }, index) => key === keys[index]);
}

/** Takes what a call needs in this process. */
function reserveAll({ binding, steering }: LimitSet, demand: Demand, now: number): Reservation[] {
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
  if (error instanceof PortkeyError && error.usage !== undefined) {
    settleAll(held, error.usage, now);
    return;
  }
  const used = usedUp(error, delivery);
  if (used !== 'nothing') settleAll(held, used === 'request' ? noTokens : undefined, now);
  else for (const reservation of held) reservation.refund(now);
}
