import type { ChildrenView, Picker } from '../../core/algorithm.ts';
import type { RequestDemand } from '../../core/demand.ts';
import type { ModelRequest } from '../../core/handler.ts';
import { candidates, tierOf } from './readiness.ts';

/** Below this many children all are compared; from it on the better of two drawn ones is taken, which is nearly as even and costs the same for any number (Mitzenmacher, "The power of two choices", 2001). */
const compareAllBelow = 16;
const drawsOfTwo = 8;

/** What one pick compares: the cost of each child for a request, lower is better. */
export type CostFor = (
  request: ModelRequest | undefined,
  demand: RequestDemand | undefined,
) => (index: number) => number;

/** Picks the child that costs least. Ties go to the most headroom, then to chance, never to the lowest index. */
export function leastCost(
  weights: readonly number[],
  random: () => number,
  view: ChildrenView | undefined,
  costFor: CostFor,
): Picker {
  const positive = weights.flatMap((weight, index) => (weight > 0 ? [index] : []));
  const isReady = (index: number, demand: RequestDemand | undefined) =>
    view === undefined || tierOf(view.share(index, demand)) === 0;

  /** Two different ready children, drawn; undefined when chance finds too few. */
  function twoDrawn(
    avoid: ReadonlySet<number> | undefined,
    demand: RequestDemand | undefined,
  ): readonly number[] | undefined {
    let first: number | undefined;
    for (let draws = 0; draws < drawsOfTwo; draws++) {
      const index = positive[Math.floor(random() * positive.length)] as number;
      if (index === first || avoid?.has(index) === true || !isReady(index, demand)) continue;
      if (first !== undefined) return [first, index];
      first = index;
    }
    return undefined;
  }

  return {
    pick(avoid, request, _context, demand) {
      const drawn = positive.length < compareAllBelow ? undefined : twoDrawn(avoid, demand);
      const headroom = (index: number) => view?.headroom(index, demand) ?? Number.POSITIVE_INFINITY;
      const costOf = costFor(request, demand);
      return cheapest(drawn ?? candidates(weights, avoid, view, demand), { costOf, headroom, random });
    },
  };
}

interface Rules {
  readonly costOf: (index: number) => number;
  readonly headroom: (index: number) => number;
  readonly random: () => number;
}

function cheapest(indexes: readonly number[], { costOf, headroom, random }: Rules): number | undefined {
  let best: number | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  let ties = 1;
  for (const index of indexes) {
    const cost = costOf(index);
    const order = best === undefined ? -1 : cost - bestCost || compareHeadroom(headroom(best), headroom(index));
    if (order !== 0) ties = order < 0 ? 1 : ties;
    else ties++;
    // The n-th of equals takes the place with a chance of 1 / n: each is as likely in the end.
    if (order > 0 || (order === 0 && random() * ties >= 1)) continue;
    best = index;
    bestCost = cost;
  }
  return best;
}

function compareHeadroom(best: number, other: number): number {
  return best === other ? 0 : best - other;
}

/** Requests the child would have in flight, for each unit of the weight it may take now. */
export function loadOf(
  weights: readonly number[],
  view: ChildrenView | undefined,
  demand?: RequestDemand,
): (index: number) => number {
  return (index) => ((view?.inFlight(index) ?? 0) + 1) / ((weights[index] ?? 1) * (view?.share(index, demand) || 1));
}
