import type { ChildrenView } from '../../core/algorithm.ts';

/** Does a child take this turn? One that is not ready never does, one that recovers as often as its share says. */
export function takesTurn(index: number, random: () => number, view: ChildrenView | undefined): boolean {
  if (view === undefined) return true;
  const share = view.share(index);
  return share >= 1 || (share > 0 && random() < share);
}

/** The indexes of positive weight outside `avoid` that are ready; those not ready when no other is left. */
export function candidates(
  weights: readonly number[],
  avoid: ReadonlySet<number> | undefined,
  view: ChildrenView | undefined,
): readonly number[] {
  const allowed: number[] = [];
  const ready: number[] = [];
  weights.forEach((weight, index) => {
    if (weight <= 0 || avoid?.has(index) === true) return;
    allowed.push(index);
    if (view === undefined || view.share(index) > 0) ready.push(index);
  });
  return ready.length > 0 ? ready : allowed;
}
