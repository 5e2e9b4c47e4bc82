import type { Algorithm, ChildrenView } from '../../core/algorithm.ts';
import type { RequestDemand } from '../../core/demand.ts';
import { takesTurn, tierOf } from './readiness.ts';

/** One after the other, from a random start. Weights do not matter, except that 0 is never picked. */
export const roundRobin: Algorithm = (weights, random, view) => {
  const order = weights.flatMap((weight, index) => (weight > 0 ? [index] : []));
  let turn = Math.floor(random() * order.length);

  /** The first in turn that `accepts` takes, and whose turn is next then. */
  function first(accepts: (index: number) => boolean): number | undefined {
    for (let passed = 0; passed < order.length; passed++) {
      const position = (turn + passed) % order.length;
      const index = order[position] as number;
      if (!accepts(index)) continue;
      turn = (position + 1) % order.length;
      return index;
    }
    return undefined;
  }

  return {
    pick(avoid, _request, _context, demand) {
      const isAllowed = (index: number) => avoid?.has(index) !== true;
      const isOf = (tier: number) => (index: number) => isAllowed(index) && tierIn(index, view, demand) === tier;
      return (
        first((index) => isAllowed(index) && takesTurn(index, random, view, demand)) ??
        first(isOf(0)) ??
        first(isOf(1)) ??
        first(isAllowed)
      );
    },
  };
};

function tierIn(index: number, view: ChildrenView | undefined, demand: RequestDemand | undefined): number {
  return view === undefined ? 0 : tierOf(view.share(index, demand));
}
