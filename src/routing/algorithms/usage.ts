import type { Algorithm } from '../../core/algorithm.ts';
import { leastCost } from './least-cost.ts';

/**
 * The child that has used the least part of its limits, for its weight, counted from when calls are sent. Of equals, such as children
 * without limits, the one with the fewest tokens in the last minute.
 */
export const usage: Algorithm = (weights, random, view) => {
  const weightOf = (index: number) => weights[index] ?? 1;
  return leastCost({
    weights,
    random,
    view,
    costFor: () => (index) => (view?.usedShare(index) ?? 0) / weightOf(index),
    spareFor: () => (index) => -(view?.usedTokens(index) ?? 0) / weightOf(index),
  });
};
