import type { Algorithm, ChildrenView } from '../../core/algorithm.ts';
import type { RequestDemand } from '../../core/demand.ts';
import { takesTurn, tierOf } from './readiness.ts';

/**
 * Smooth weighted turns from a random offset: exact 70/30, no clumps, O(log n) a pick.
 *
 * Child `i` is due for the k-th time at k / weight; the earliest due goes next (earliest deadline first on a heap).
 * Over any whole cycle the shares are exact, and with two children every run of n picks is within 1 of its share.
 *
 * A child that is not ready loses its turns: it must not get them all at once when it comes back. One to be avoided for this
 * request only keeps them.
 */
export const weighted: Algorithm = (weights, random, view) => {
  const heap = dueAfter(inWhole(weights), random());
  // Children of equal weight are due together: a few turns more tell processes that start at once apart.
  for (let skipped = Math.floor(random() * heap.length); skipped > 0; skipped--) takeFirst(heap);
  return {
    pick(avoid, _request, _context, demand) {
      if (avoid !== undefined && avoid.size > 0) return takeFirstAllowed(heap, avoid, view, demand);
      return view === undefined ? takeFirst(heap) : takeFirstReady(heap, random, view, demand);
    },
  };
};

interface Turn {
  readonly index: number;
  readonly weight: number;
  /** How often the child has been due, counted from the offset; a product of it keeps due times free of summed rounding. */
  count: number;
  due: number;
}

const largestScale = 1e9;

/**
 * The same shares in whole numbers, where few decimals make them so: 0.7, 0.2 and 0.1 are due together at 10, but 21 / 0.7 is a little more than
 * 6 / 0.2, and the order of such would change from cycle to cycle.
 */
function inWhole(weights: readonly number[]): readonly number[] {
  for (let scale = 1; scale <= largestScale; scale *= 10) {
    const whole = weights.map((weight) => Math.round(weight * scale));
    const isSame = (weight: number, index: number) => isNear(weight * scale, whole[index] as number);
    if (weights.every(isSame)) return whole;
  }
  return weights;
}

function isNear(value: number, whole: number): boolean {
  return Math.abs(value - whole) <= 1e-12 * Math.abs(value) && whole <= Number.MAX_SAFE_INTEGER;
}

/** The children's turns, as if the cycle had already run for `offset` of the lightest child's period. */
function dueAfter(weights: readonly number[], offset: number): Turn[] {
  const positive = weights.filter((weight) => weight > 0);
  const start = offset / Math.min(...spreadSafe(positive));
  const heap: Turn[] = [];
  weights.forEach((weight, index) => {
    if (weight <= 0) return;
    const count = Math.floor(start * weight) + 1;
    heap.push({ index, weight, count, due: count / weight });
  });
  order(heap);
  return heap;
}

/** Tens of thousands of arguments overflow a call's stack: reduce first. */
function spreadSafe(values: readonly number[]): readonly number[] {
  return values.length < 1000
    ? values
    : [values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)];
}

function takeFirst(heap: Turn[]): number | undefined {
  const turn = heap[0];
  if (turn === undefined) return undefined;
  advance(heap, 0);
  return turn.index;
}

/** Passes over who is not ready. When that is everybody nobody has lost a turn, and the earliest due comes all the same. */
function takeFirstReady(
  heap: Turn[],
  random: () => number,
  view: ChildrenView,
  demand: RequestDemand | undefined,
): number | undefined {
  const first = heap[0];
  if (first === undefined) return undefined;
  if (takesTurn(first.index, random, view, demand)) return takeFirst(heap);
  const passed: Turn[] = [];
  while (passed.length < heap.length) {
    const turn = heap[0] as Turn;
    advance(heap, 0);
    if (passed.length > 0 && takesTurn(turn.index, random, view, demand)) return turn.index;
    passed.push(turn);
  }
  for (const turn of passed) setCount(turn, turn.count - 1);
  order(heap);
  return takeFirstAllowed(heap, none, view, demand);
}

const none: ReadonlySet<number> = new Set();

/** The earliest due child outside `avoid`, a ready one before a last choice before any other; those passed over keep their turn. */
function takeFirstAllowed(
  heap: Turn[],
  avoid: ReadonlySet<number>,
  view?: ChildrenView,
  demand?: RequestDemand,
): number | undefined {
  let best = -1;
  let bestTier = Number.POSITIVE_INFINITY;
  for (let i = 0; i < heap.length; i++) {
    const turn = heap[i] as Turn;
    if (avoid.has(turn.index)) continue;
    const tier = view === undefined ? 0 : tierOf(view.share(turn.index, demand));
    if (tier < bestTier || (tier === bestTier && isBefore(turn, heap[best] as Turn))) {
      best = i;
      bestTier = tier;
    }
  }
  const turn = heap[best];
  if (turn === undefined) return undefined;
  advance(heap, best);
  return turn.index;
}

function advance(heap: Turn[], position: number): void {
  const turn = heap[position] as Turn;
  setCount(turn, turn.count + 1);
  sink(heap, position);
}

function setCount(turn: Turn, count: number): void {
  turn.count = count;
  turn.due = count / turn.weight;
}

function order(heap: Turn[]): void {
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i);
}

function sink(heap: Turn[], from: number): void {
  let position = from;
  for (;;) {
    const left = 2 * position + 1;
    if (left >= heap.length) return;
    const right = left + 1;
    const child = right < heap.length && isBefore(heap[right] as Turn, heap[left] as Turn) ? right : left;
    if (!isBefore(heap[child] as Turn, heap[position] as Turn)) return;
    const moved = heap[child] as Turn;
    heap[child] = heap[position] as Turn;
    heap[position] = moved;
    position = child;
  }
}

/** Equal due times go to the lower index, so that every cycle runs in the same order. */
function isBefore(a: Turn, b: Turn): boolean {
  return a.due < b.due || (a.due === b.due && a.index < b.index);
}
