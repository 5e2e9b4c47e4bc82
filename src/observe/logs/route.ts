import type { StrategyMode } from '../../core/config-facts.ts';
import type { LogMark, RouteStep } from '../../core/log-record.ts';

/** The nodes from the root to the target at `path`, the target last. */
export function routeTo(path: string, modes: ReadonlyMap<string, StrategyMode>): readonly RouteStep[] {
  if (path === 'gateway') return [{ path, mode: 'gateway' }];
  const steps: RouteStep[] = [];
  // Every node on the way ends where the next `.targets[` begins.
  for (let end = path.indexOf('.targets['); end >= 0; end = path.indexOf('.targets[', end + 1)) {
    const node = path.slice(0, end);
    const mode = modes.get(node);
    if (mode !== undefined) steps.push({ path: node, mode });
  }
  steps.push({ path, mode: 'target' });
  return steps;
}

/** The strategies on a route that say how its target was chosen. */
export function marksOf(route: readonly RouteStep[]): readonly LogMark[] {
  const marks: LogMark[] = [];
  if (route.some(({ mode }) => mode === 'loadbalance')) marks.push('loadbalance');
  if (route.some(({ mode }) => mode === 'conditional')) marks.push('conditional');
  return marks;
}
