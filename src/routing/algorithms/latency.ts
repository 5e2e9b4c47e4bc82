import type { Algorithm, ChildrenView } from '../../core/algorithm.ts';
import type { LatencyEstimate } from '../../core/health.ts';
import { type CostFor, leastCost, loadOf } from './least-cost.ts';

/** Time constant with which what was measured gives way to what the peers show, while nothing new is measured. */
const forgettingMs = 10_000;
const medianKeptMs = 250;
const manyChildren = 16;

/**
 * The child that should answer first: moving average of time to first token (of the whole reply when the request is not streamed) x
 * (in flight + 1) / weight. Without the middle factor every request would run to the same child. One that was never measured stands at
 * its peers' median, and one without traffic drifts there, so that both are tried.
 */
export const latency: Algorithm = (weights, random, view) => {
  if (view === undefined) return leastCost({ weights, random, view, costFor: () => loadOf(weights, view) });
  const medians = { streamed: medianOf(weights, view, true), whole: medianOf(weights, view, false) };
  const costFor: CostFor = (request, demand) => {
    const load = loadOf(weights, view, demand);
    const streamed = request?.body.stream === true;
    const median = (streamed ? medians.streamed : medians.whole)();
    return (index) => load(index) * expectedMs(view.latency(index, streamed), median, view.now());
  };
  return leastCost({ weights, random, view, costFor });
};

/** Never below a millisecond, so that an instant answer does not hide how busy a child is. */
function expectedMs(estimate: LatencyEstimate | undefined, median: number, now: number): number {
  if (estimate === undefined) return Math.max(1, median);
  const kept = Math.exp(-(now - estimate.at) / forgettingMs);
  return Math.max(1, median + (estimate.ms - median) * kept);
}

/** The median of what was measured; 1 while nothing was. Kept for a moment where there are many children. */
function medianOf(weights: readonly number[], view: ChildrenView, streamed: boolean): () => number {
  let median = 1;
  let at = Number.NEGATIVE_INFINITY;
  return () => {
    const now = view.now();
    if (weights.length >= manyChildren && now - at < medianKeptMs) return median;
    at = now;
    median = middleOf(
      weights.flatMap((weight, index) => {
        const estimate = weight > 0 ? view.latency(index, streamed) : undefined;
        return estimate === undefined ? [] : [estimate.ms];
      }),
    );
    return median;
  };
}

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? 1;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? upper)) / 2;
}
