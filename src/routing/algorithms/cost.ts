import type { Algorithm } from '../../core/algorithm.ts';
import { leastOfAll } from './least-cost.ts';

/**
 * The child that should cost least for this very request: what its prompt and the longest reply it allows cost there, divided by the
 * child's weight. All children are compared, however many. One whose price nobody knows comes after all that have one: it may be
 * dearer than any of them. Equal ones go by the most headroom, then by chance.
 */
export const cost: Algorithm = (weights, random, view) =>
  leastOfAll({
    weights,
    random,
    view,
    costFor: (_request, demand) => (index) => {
      const micro = demand === undefined ? undefined : view?.costMicro?.(index, demand);
      return micro === undefined ? Number.MAX_VALUE : micro / (weights[index] ?? 1);
    },
  });
