import type { PlanNode, PlanStep } from './plan.ts';

/**
 * The targets a request can come to, in the order in which they would be tried. Those of one turn stand for each other, the
 * likeliest first; a later turn comes when the one before has failed.
 */
export function orderOf(root: PlanNode): readonly PlanStep[] {
  return steps(root, 'at once', 1);
}

function steps(node: PlanNode, when: string, turn: number): readonly PlanStep[] {
  if (!node.isReachable) return [];
  if (node.kind === 'target') return [stepOf(node, when, turn)];
  if (node.kind === 'fallback' || node.kind === 'model_groups') return inTurn(node, when, turn);
  const children = node.kind === 'loadbalance' ? byShare(node.children) : node.children;
  const isOnly = node.kind !== 'loadbalance' || children.length === 1;
  return children.flatMap((child) => steps(child, joined(when, isOnly ? undefined : child.why), turn));
}

function inTurn({ children }: PlanNode, when: string, turn: number): readonly PlanStep[] {
  const found: PlanStep[] = [];
  for (const child of children) {
    const next = found.length === 0 ? turn : Math.max(...found.map((step) => step.turn)) + 1;
    found.push(...steps(child, joined(when, found.length === 0 ? undefined : child.why), next));
  }
  return found;
}

function stepOf({ path, name, provider = '', model, share }: PlanNode, when: string, turn: number): PlanStep {
  const named = name === undefined ? {} : { name };
  return { turn, path, ...named, provider, ...(model === undefined ? {} : { model }), share, when };
}

function byShare(children: readonly PlanNode[]): readonly PlanNode[] {
  return children.toSorted((left, right) => right.share - left.share);
}

function joined(above: string, own: string | undefined): string {
  if (own === undefined) return above;
  return above === 'at once' ? own : `${above}: ${own}`;
}
