import { CapacityError } from '../../../core/errors/routing-errors.ts';
import type { Demand, Limit } from '../../../core/limit.ts';
import type { Shortages } from './shortages.ts';

/** A limit of this process that also heeds what all processes together have left of it, as far as that is known. */
export function sharedLimit(limit: Limit, shortages: Shortages): Limit {
  if (limit.claim === undefined) return limit;
  const shortOf = (demand: Demand) => (shortages.isAny ? limit.claim?.(demand)?.key : undefined);
  return {
    ...limit,
    alone: limit,
    readyAt(demand, now) {
      const own = limit.readyAt(demand, now);
      const key = own > now ? undefined : shortOf(demand);
      return key === undefined ? own : Math.max(own, shortages.askAgainAt(key));
    },
    room(demand, now) {
      const key = shortOf(demand);
      if (key !== undefined && shortages.askAgainAt(key) > now) return 0;
      return limit.room?.(demand, now) ?? Number.POSITIVE_INFINITY;
    },
    refusal(demand, now) {
      const own = limit.refusal(demand, now);
      const key = limit.readyAt(demand, now) > now ? undefined : shortOf(demand);
      return key === undefined || !(own instanceof CapacityError)
        ? own
        : usedUpByAll(own, shortages.readyAt(key) - now);
    },
  };
}

/** What this process used of it says nothing here. */
function usedUpByAll({ code }: CapacityError, readyInMs: number): CapacityError {
  return new CapacityError({
    code: code === 'max_concurrency' ? code : 'rate_limit',
    message: `All processes together have used up the ${code === 'max_concurrency' ? code : 'rate_limit'}.`,
    readyInMs,
  });
}
