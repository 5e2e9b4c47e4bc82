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

/** What a picker by cost goes by. */
export interface CostRules {
  readonly weights: readonly number[];
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly view: ChildrenView | undefined;
  readonly costFor: CostFor;
  /** Of equal costs the child with the most of this; the room it has when absent. */
  readonly spareFor?: CostFor;
}

/** Picks the child that costs least. Ties go to the most to spare, then to chance, never to the lowest index. */
export function leastCost({ weights, random, view, costFor, spareFor = headroomIn(view) }: CostRules): Picker {
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

  const all = leastOfAll({ weights, random, view, costFor, spareFor });
  if (positive.length < compareAllBelow) return all;
  return {
    pick(avoid, request, context, demand) {
      const drawn = twoDrawn(avoid, demand);
      if (drawn === undefined) return all.pick(avoid, request, context, demand);
      return cheapest(drawn, { costOf: costFor(request, demand), spareOf: spareFor(request, demand), random });
    },
  };
}

/** {@link leastCost} that compares all children however many: where costs stand still, two drawn ones would miss the least for ever. */
export function leastOfAll({ weights, random, view, costFor, spareFor = headroomIn(view) }: CostRules): Picker {
  return {
    pick(avoid, request, _context, demand) {
      const rules = { costOf: costFor(request, demand), spareOf: spareFor(request, demand), random };
      return cheapest(candidates(weights, avoid, view, demand), rules);
    },
  };
}

function headroomIn(view: ChildrenView | undefined): CostFor {
  return (_request, demand) => (index) => view?.headroom(index, demand) ?? Number.POSITIVE_INFINITY;
}

interface Rules {
  readonly costOf: (index: number) => number;
  readonly spareOf: (index: number) => number;
  readonly random: () => number;
}

function cheapest(indexes: readonly number[], { costOf, spareOf, random }: Rules): number | undefined {
  let best: number | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  let ties = 1;
  for (const index of indexes) {
    const cost = costOf(index);
    const order = best === undefined ? -1 : cost - bestCost || compareSpare(spareOf(best), spareOf(index));
    if (order !== 0) ties = order < 0 ? 1 : ties;
    else ties++;
    // The n-th of equals takes the place with a chance of 1 / n: each is as likely in the end.
    if (order > 0 || (order === 0 && random() * ties >= 1)) continue;
    best = index;
    bestCost = cost;
  }
  return best;
}

function compareSpare(best: number, other: number): number {
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
