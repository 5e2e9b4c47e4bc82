import type { Algorithm } from '../../core/algorithm.ts';
import { leastCost, loadOf } from './least-cost.ts';

/** The child with the fewest requests in flight for its weight: (in flight + 1) / weight. */
export const leastBusy: Algorithm = (weights, random, view) =>
  leastCost({ weights, random, view, costFor: (_request, demand) => loadOf(weights, view, demand) });
