import { CapacityError } from '../../core/errors/routing-errors.ts';
import type { Limit } from '../../core/limit.ts';
import type { TargetState } from '../state/target-state.ts';

/** What is limited. */
export interface ConcurrencyPlace {
  readonly path: string;
  readonly state: Pick<TargetState, 'id' | 'inFlight' | 'held'>;
  readonly mode: 'enforce' | 'queue';
}

/** At most `limit` calls of a target at once, streams until they end. */
export function maxConcurrency(limit: number, { path, state, mode }: ConcurrencyPlace): Limit {
  // The state counts the calls of every place that shares the target; those admitted here hold theirs a little before.
  const used = () => Math.max(state.inFlight, state.held);
  return {
    readyAt: (_demand, now) => (used() < limit ? now : Number.POSITIVE_INFINITY),
    reserve() {
      state.held++;
      const release = () => {
        state.held--;
      };
      return { settle: release, refund: release };
    },
    refusal: () =>
      new CapacityError({
        code: 'max_concurrency',
        message: `${path} has max_concurrency ${limit} requests in flight.`,
        readyInMs: Number.POSITIVE_INFINITY,
      }),
    room: () => Math.max(0, limit - used()),
    usedShare: () => used() / limit,
    claim: () => ({ key: `${state.id} concurrency`, amount: 1, limit }),
    snapshot: () => ({
      of: 'concurrency',
      limit,
      used: used(),
      remaining: Math.max(0, limit - used()),
      mode,
      guards: path,
    }),
  };
}
