import type { Algorithm } from '../../core/algorithm.ts';
import { leastCost } from './least-cost.ts';

/**
 * Of the children that have room for the request now the one with the most of its limits left, for its weight; of equals the one picked
 * longest ago. When none has room the caller goes on with the one that has it soonest.
 */
export const rateLimitAware: Algorithm = (weights, random, view) => {
  const pickedAt = new Float64Array(weights.length);
  let picks = 0;
  const picker = leastCost({
    weights,
    random,
    view,
    costFor: () => (index) => (view?.usedShare(index) ?? 0) / (weights[index] ?? 1),
    spareFor: () => (index) => -(pickedAt[index] ?? 0),
  });
  return {
    pick(...asked) {
      const index = picker.pick(...asked);
      if (index !== undefined) pickedAt[index] = ++picks;
      return index;
    },
  };
};
