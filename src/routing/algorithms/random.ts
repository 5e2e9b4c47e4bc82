import type { Algorithm } from '../../core/algorithm.ts';

/** Weighted random, each pick on its own: Portkey's loadbalance to the letter. O(log n) a pick. */
export const random: Algorithm = (weights, chance) => {
  const sums = runningSums(weights);
  return {
    pick(avoid) {
      if (avoid === undefined || avoid.size === 0) return draw(sums, chance());
      const allowed = weights.map((weight, index) => (avoid.has(index) ? 0 : weight));
      return draw(runningSums(allowed), chance());
    },
  };
};

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
