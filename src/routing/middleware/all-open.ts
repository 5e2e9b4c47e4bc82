import type { RequestContext } from '../../core/context.ts';
import { CooldownError } from '../../core/errors/routing-errors.ts';
import type { Middleware } from '../../core/handler.ts';
import type { Health } from '../../core/health.ts';
import type { Reply } from '../../core/reply.ts';
import type { Clock } from '../../core/runtime.ts';
import type { TargetStates } from '../state/target-states.ts';

/** What happens to a request when every target it could reach cools down. */
export interface AllOpenPolicy {
  /** `wait` for the first to be ready, `panic`: call them all the same, `fail` at once. */
  readonly mode: 'wait' | 'panic' | 'fail';
  readonly maxWaitMs: number;
}

/** Who cools, and how one learns of it. */
export interface AllOpenPlace {
  readonly path: string;
  readonly health: Pick<Health, 'coolsUntil'>;
  readonly states: Pick<TargetStates, 'onTurn'>;
}

/** Stands above a strategy, and lets requests through while one target below may be called. Rejects with `CooldownError` what cannot wait. */
export function allOpen(policy: AllOpenPolicy, place: AllOpenPlace, clock: Clock): Middleware {
  const { health } = place;
  return (next) => (request, context) => {
    if (context.ignoresCooldowns === true || context.passesOver === true || health.coolsUntil() <= clock.now())
      return next(request, context);
    if (policy.mode === 'panic') return next(request, { ...context, ignoresCooldowns: true });
    const maxWaitMs = policy.mode === 'fail' ? 0 : policy.maxWaitMs;
    return whenReady(() => next(request, context), { place, context, clock, maxWaitMs });
  };
}

interface Wait {
  readonly place: AllOpenPlace;
  readonly context: RequestContext;
  readonly clock: Clock;
  readonly maxWaitMs: number;
}

/** Of those who wait, the first to go on is the probe; the others wait for what it says. Nothing comes between looking and going. */
async function whenReady(go: () => Promise<Reply>, { place, context, clock, maxWaitMs }: Wait): Promise<Reply> {
  const giveUpAt = Math.min(clock.now() + maxWaitMs, context.deadline ?? Number.POSITIVE_INFINITY);
  for (;;) {
    const now = clock.now();
    const readyAt = place.health.coolsUntil();
    if (readyAt <= now) return go();
    const isTooLate = Number.isFinite(readyAt) ? readyAt > giveUpAt : now >= giveUpAt;
    if (isTooLate) throw new CooldownError({ path: place.path, of: 'node', readyInMs: readyAt - now });
    await turnOrTime(Math.min(readyAt, giveUpAt) - now, place.states, context.signal, clock);
  }
}

/** Resolves at the next turn of any target, or after `ms`; rejects when the signal aborts. */
function turnOrTime(ms: number, states: AllOpenPlace['states'], signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const wake = () => {
      letGo();
      resolve();
    };
    const onAbort = () => {
      letGo();
      reject(signal.reason);
    };
    const cancelTimer = clock.after(ms, wake);
    const leave = states.onTurn(wake);
    signal.addEventListener('abort', onAbort, { once: true });
    function letGo(): void {
      cancelTimer();
      leave();
      signal.removeEventListener('abort', onAbort);
    }
  });
}
