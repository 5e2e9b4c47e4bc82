import type { RequestContext } from '../../core/context.ts';
import { demandOf } from '../../core/demand.ts';
import { CooldownError } from '../../core/errors/routing-errors.ts';
import type { Handler, Middleware } from '../../core/handler.ts';
import type { Health } from '../../core/health.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { TargetStates } from '../state/target-states.ts';
import { serveLine } from './waiting/serve-line.ts';
import { type Hall, Visit } from './waiting/visit.ts';

/** What happens to a request when every target it could reach cools down. */
export interface AllOpenPolicy {
  /** `wait` for the first to be ready, `panic`: call them all the same, `fail` at once. */
  readonly mode: 'wait' | 'panic' | 'fail';
  readonly maxWaitMs: number;
}

/** How requests wait for room. */
export interface QueuePolicy {
  readonly maxWaitMs: number;
  readonly maxSize: number;
  /** Of requests that name no priority; lower is more urgent. */
  readonly defaultPriority: number;
  /** Milliseconds of waiting worth one step of priority; Infinity: waiting is worth nothing. */
  readonly agingMs: number;
}

/** Where requests wait, and for what. */
export interface RoomPlace {
  readonly path: string;
  readonly health: Health;
  readonly states: TargetStates;
  readonly allOpen: AllOpenPolicy;
  /** Absent: requests wait for cooldowns only, and limits refuse them. */
  readonly queue?: QueuePolicy | undefined;
  /** Nobody waits here while somebody else is asked next. */
  readonly isPassable?: boolean;
}

/**
 * Stands above a node and lets a request through when one target below can take it. Until then the request waits in line, the most
 * urgent first, for cooldowns to end and with a `queue` also for room in limits; whoever is let through gets the place. Rejects what
 * waited too long, or would in vain, with `CooldownError` where all targets cool, else with `QueueTimeoutError`; with
 * `QueueFullError` what finds the line full.
 */
export function waitingRoom(place: RoomPlace, runtime: Runtime): Middleware {
  const { path, health, allOpen, queue, isPassable = false } = place;
  const { clock } = runtime;
  const hall = hallOf(place, runtime);
  return (next) => {
    const panic: Handler = (request, context) => next(request, { ...context, ignoresCooldowns: true });
    const enter = queue === undefined ? coolingEntrance(hall, next) : queueEntrance(hall, { next, panic }, runtime);
    const refuse: Handler = () =>
      Promise.reject(new CooldownError({ path, of: 'node', readyInMs: health.coolsUntil() - clock.now() }));
    // Who panics passes over cooldowns, not over those who wait for room.
    const whenAllCool = { wait: enter, panic: queue === undefined ? panic : enter, fail: refuse }[allOpen.mode];
    return (request, context) => {
      if (context.ignoresCooldowns === true || (context.passesOver === true && isPassable))
        return next(request, context);
      return (health.coolsUntil() <= clock.now() ? enter : whenAllCool)(request, context);
    };
  };
}

/** Only cooldowns are waited for. */
function coolingEntrance(hall: Hall, next: Handler): Handler {
  const { health, line, clock } = hall;
  return (request, context) =>
    line.isFree(undefined) && health.coolsUntil() <= clock.now()
      ? next(request, context)
      : new Visit(hall, context).stand(health.coolsUntil, (onPlaced) => next(request, { ...context, onPlaced }));
}

/** Whatever keeps a request out is waited for, except what no time changes: who refuses it says so. */
function queueEntrance(
  hall: Hall,
  { next, panic }: { readonly next: Handler; readonly panic: Handler },
  { countTokens }: Runtime,
): Handler {
  const { health, clock, panics } = hall;
  const isPanic = (now: number) => panics && health.coolsUntil() > now;
  return (request, context) => {
    const demand = health.isLimited ? demandOf(request, context, countTokens) : undefined;
    const go = (inner: RequestContext) => (isPanic(clock.now()) ? panic : next)(request, inner);
    if (demand !== undefined && !health.fitsEver(demand)) return go(context);
    const lane = demand === undefined ? undefined : health.lane?.(demand);
    return new Visit(hall, context, lane).enter(
      (now) => (isPanic(now) ? health.roomAt(now, demand) : health.readyAt(now, demand)),
      go,
    );
  };
}

const unbounded = Number.POSITIVE_INFINITY;

function hallOf({ path, health, states, allOpen, queue }: RoomPlace, { clock }: Runtime): Hall {
  const openedAt = clock.now();
  let orders = 0;
  return {
    path,
    health,
    clock,
    panics: allOpen.mode === 'panic',
    line: serveLine({ targets: health.targets, states, clock }),
    maxWaitMs: queue?.maxWaitMs ?? allOpen.maxWaitMs,
    maxSize: queue?.maxSize ?? unbounded,
    // Who came later ranks lower by what the others have waited: the order of two never changes. A retry came when it was first tried.
    rankOf: ({ call: { priority = queue?.defaultPriority ?? 0 }, attempts: [first] }, now) =>
      priority + ((first?.startedAt ?? now) - openedAt) / (queue?.agingMs ?? unbounded),
    nextOrder: () => orders++,
  };
}
