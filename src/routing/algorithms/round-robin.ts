import type { Algorithm, ChildrenView } from '../../core/algorithm.ts';
import { takesTurn } from './readiness.ts';

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
    pick(avoid) {
      const isAllowed = (index: number) => avoid?.has(index) !== true;
      return (
        first((index) => isAllowed(index) && takesTurn(index, random, view)) ??
        first((index) => isAllowed(index) && isReady(index, view)) ??
        first(isAllowed)
      );
    },
  };
};

function isReady(index: number, view: ChildrenView | undefined): boolean {
  return view === undefined || view.share(index) > 0;
}
