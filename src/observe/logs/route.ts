import type { StrategyMode } from '../../core/config-facts.ts';
import type { LogMark, RouteStep } from '../../core/log-record.ts';

/** The nodes on the way to targets, and what it says of how targets were chosen. */
export interface Route {
  /** The nodes from the root down, without the target. */
  readonly steps: readonly RouteStep[];
  readonly marks: readonly LogMark[];
}

type Modes = ReadonlyMap<string, StrategyMode>;

const known = new WeakMap<Modes, Map<string, Route>>();
const keptPerConfig = 1000;

/** The way to the target at `path` of the config with these strategies. Made once for each: records share it. */
function routeTo(path: string, modes: Modes): Route {
  const routes = known.get(modes) ?? new Map<string, Route>();
  known.set(modes, routes);
  const found = routes.get(path);
  if (found !== undefined) return found;
  const steps = stepsTo(path, modes);
  const route = { steps, marks: marksOf(steps) };
  if (routes.size < keptPerConfig) routes.set(path, route);
  return route;
}

/** The nodes on the way to each of these targets, each once, in the order in which they were first come to. */
export function routeToAll(paths: readonly string[], modes: Modes): Route {
  const [first, ...others] = new Set(paths);
  if (first === undefined) return nowhere;
  const start = routeTo(first, modes);
  if (others.length === 0) return start;
  const steps = [...start.steps];
  for (const path of others) {
    for (const step of routeTo(path, modes).steps) {
      if (!steps.some((known) => known.path === step.path)) steps.push(step);
    }
  }
  return { steps, marks: marksOf(steps) };
}

const nowhere: Route = { steps: [], marks: [] };

function stepsTo(path: string, modes: Modes): readonly RouteStep[] {
  const steps: RouteStep[] = [];
  // Every node on the way ends where the next `.targets[` begins.
  for (let end = path.indexOf('.targets['); end >= 0; end = path.indexOf('.targets[', end + 1)) {
    const node = path.slice(0, end);
    const mode = modes.get(node);
    if (mode !== undefined) steps.push({ path: node, mode });
  }
  return steps;
}

function marksOf(steps: readonly RouteStep[]): readonly LogMark[] {
  const has = (mode: StrategyMode) => steps.some((step) => step.mode === mode);
  return (['loadbalance', 'conditional'] as const).filter(has);
}
