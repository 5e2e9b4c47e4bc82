import type { Algorithm, ChildrenView } from '../../core/algorithm.ts';
import type { RequestDemand } from '../../core/demand.ts';
import { candidates, takesTurn } from './readiness.ts';

/** Draws before the children that are not ready are left out one by one. */
const blindDraws = 4;

/** Weighted random, each pick on its own: Portkey's loadbalance to the letter. O(log n) a pick. */
export const random: Algorithm = (weights, chance, view) => {
  const sums = runningSums(weights);
  return {
    pick(avoid, _request, _context, demand) {
      if (avoid === undefined || avoid.size === 0) {
        for (let draws = 0; draws < blindDraws; draws++) {
          const index = draw(sums, chance());
          if (index === undefined || takesTurn(index, chance, view, demand)) return index;
        }
      }
      return drawAmong(weights, chance, candidates(weights, avoid, view, demand), { view, demand });
    },
  };
};

function drawAmong(
  weights: readonly number[],
  chance: () => number,
  indexes: readonly number[],
  { view, demand }: { readonly view: ChildrenView | undefined; readonly demand: RequestDemand | undefined },
): number | undefined {
  const allowed = new Set(indexes);
  // All at once not ready: each keeps its weight.
  const share = (index: number) => view?.share(index, demand) || 1;
  return draw(runningSums(weights.map((weight, index) => (allowed.has(index) ? weight * share(index) : 0))), chance());
}

function runningSums(weights: readonly number[]): readonly number[] {
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return sum;
  });
}

/** Index of the first running sum above `chance` of the total: an index of weight 0 is never it. */
function draw(sums: readonly number[], chance: number): number | undefined {
  const total = sums.at(-1) ?? 0;
  if (total <= 0) return undefined;
  const mark = chance * total;
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] as number) > mark) high = middle;
    else low = middle + 1;
  }
  return low;
}
