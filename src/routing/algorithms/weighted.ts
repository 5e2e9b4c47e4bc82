import type { Algorithm } from '../../core/algorithm.ts';

/**
 * Smooth weighted turns from a random offset: exact 70/30, no clumps, O(log n) a pick.
 *
 * Child `i` is due for the k-th time at k / weight; the earliest due goes next (earliest deadline first on a heap).
 * Over any whole cycle the shares are exact, and with two children every run of n picks is within 1 of its share.
 */
export const weighted: Algorithm = (weights, random) => {
  const heap = dueAfter(weights, random());
  // Children of equal weight are due together: a few turns more tell processes that start at once apart.
  for (let skipped = Math.floor(random() * heap.length); skipped > 0; skipped--) takeFirst(heap);
  return {
    pick(avoid) {
      if (avoid === undefined || avoid.size === 0) return takeFirst(heap);
      return takeFirstAllowed(heap, avoid);
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
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i);
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

/** The earliest due child outside `avoid`; those passed over keep their turn. */
function takeFirstAllowed(heap: Turn[], avoid: ReadonlySet<number>): number | undefined {
  let best = -1;
  for (let i = 0; i < heap.length; i++) {
    const turn = heap[i] as Turn;
    if (!avoid.has(turn.index) && (best < 0 || isBefore(turn, heap[best] as Turn))) best = i;
  }
  const turn = heap[best];
  if (turn === undefined) return undefined;
  advance(heap, best);
  return turn.index;
}

function advance(heap: Turn[], position: number): void {
  const turn = heap[position] as Turn;
  turn.count += 1;
  turn.due = turn.count / turn.weight;
  sink(heap, position);
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
