import type { PortkeyError } from '../../../core/errors/portkey-error.ts';
import { CapacityError } from '../../../core/errors/routing-errors.ts';
import type { Demand, LimitSet } from '../../../core/limit.ts';

const lost = new WeakSet<object>();

/** What a call is refused with that fits here, and of which other processes have used up what it needs. */
export function lostToOthers({ binding }: LimitSet, demand: Demand, now: number): PortkeyError {
  const limit = binding.find((each) => each.readyAt(demand, now) > now);
  const error = limit?.refusal(demand, now) ?? usedUpJustNow();
  markLost(error);
  return error;
}

/** Says that a call was refused because of other processes. */
export function markLost(error: object): void {
  lost.add(error);
}

/** Was the call refused because of other processes? Whoever picked its target did not know: another pick may be better. */
export function isLost(error: unknown): boolean {
  return typeof error === 'object' && error !== null && lost.has(error);
}

/** There may be room again by now. */
function usedUpJustNow(): CapacityError {
  const message = 'All processes together had used up what the call needs.';
  return new CapacityError({ code: 'rate_limit', message, readyInMs: 0 });
}
