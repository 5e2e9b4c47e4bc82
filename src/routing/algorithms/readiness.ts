import type { ChildrenView } from '../../core/algorithm.ts';
import type { RequestDemand } from '../../core/demand.ts';
import { lastChoice } from '../../core/health.ts';

/** Does a child take this turn? One that is not ready, or a last choice, never does, one that recovers as often as its share says. */
export function takesTurn(index: number, random: () => number, view?: ChildrenView, demand?: RequestDemand): boolean {
  if (view === undefined) return true;
  const share = view.share(index, demand);
  return share >= 1 || (share > lastChoice && random() < share);
}

/** The indexes of positive weight outside `avoid` that are ready; when there is none, the last choices, else those not ready. */
export function candidates(
  weights: readonly number[],
  avoid: ReadonlySet<number> | undefined,
  view?: ChildrenView,
  demand?: RequestDemand,
): readonly number[] {
  const tiers: readonly [number[], number[], number[]] = [[], [], []];
  weights.forEach((weight, index) => {
    if (weight <= 0 || avoid?.has(index) === true) return;
    tiers[view === undefined ? 0 : tierOf(view.share(index, demand))].push(index);
  });
  return tiers.find((tier) => tier.length > 0) ?? [];
}

/** 0: ready, 1: a last choice, 2: not ready. The lower goes first. */
export function tierOf(share: number): 0 | 1 | 2 {
  if (share > lastChoice) return 0;
  return share > 0 ? 1 : 2;
}
