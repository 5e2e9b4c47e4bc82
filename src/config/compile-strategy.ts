import type { PortkeyError } from '../core/errors/portkey-error.ts';
import type { Handler } from '../core/handler.ts';
import type { Health } from '../core/health.ts';
import type { Clock, Runtime } from '../core/runtime.ts';
import type { Child } from '../core/strategy.ts';
import { algorithms, byFunction } from '../routing/algorithms/index.ts';
import type { SharedLink } from '../routing/middleware/index.ts';
import type { TargetStates } from '../routing/state/target-states.ts';
import {
  conditional,
  fallback,
  goesOn,
  loadbalance,
  pickAgain,
  sharedSeat,
  single,
} from '../routing/strategies/index.ts';
import { compileQuery } from '../routing/strategies/query.ts';
import { type AffineNode, affineNode } from './affinity/affine-node.ts';
import type { Strategy } from './config.ts';
import { nodeHealth } from './health/child-health.ts';
import { childrenView } from './health/children-view.ts';
import { conditionalHealth } from './health/conditional-health.ts';
import { stickyKey } from './health/sticky-key.ts';

/** The node a strategy is compiled for. */
export interface StrategyScope {
  readonly path: string;
  readonly runtime: Runtime;
  readonly affine?: AffineNode | undefined;
  /** To other processes that take part of what children have left; absent where there are none. */
  readonly shared: SharedLink | undefined;
  readonly states: Pick<TargetStates, 'hasDisabled'>;
}

/** A checked strategy over compiled children. */
export function compileStrategy(strategy: Strategy, children: readonly Child[], scope: StrategyScope): Handler {
  return strategies[strategy.mode](children, strategy, scope);
}

type Build = (children: readonly Child[], strategy: Strategy, scope: StrategyScope) => Handler;

const strategies: Readonly<Record<Strategy['mode'], Build>> = {
  single: ([child]) => single(child as Child),
  fallback: (children, strategy, { path, runtime }) => {
    const { on_status_codes, on_errors } = strategy;
    const share = shareOf(strategy, runtime);
    return fallback(children, { path, onStatusCodes: on_status_codes, onErrors: on_errors, share }, runtime.events);
  },
  loadbalance(children, strategy, scope) {
    const { algorithm } = strategy;
    const isByShare =
      algorithm === undefined ? !isSticky(strategy) : algorithm === 'weighted' || algorithm === 'random';
    // Shares alone need no look at children that are always ready, but for those that somebody took out of use.
    const isBlind = scope.affine === undefined && isByShare && !children.some((child) => child.health?.isWatched);
    const compiled = (isBlind: boolean) => compileLoadbalance(children, strategy, { ...scope, isBlind });
    if (!isBlind) return compiled(false);
    const blind = compiled(true);
    let seeing: Handler | undefined;
    return (request, context) => {
      if (!scope.states.hasDisabled()) return blind(request, context);
      seeing ??= compiled(false);
      return seeing(request, context);
    };
  },
  conditional: (children, strategy, { path }) => {
    const { routes, otherwise } = compileRoutes(strategy, children);
    return conditional(
      path,
      routes.map(({ matches, child }) => ({ matches, handler: child.handler })),
      otherwise?.handler,
    );
  },
};

function compileLoadbalance(
  children: readonly Child[],
  strategy: Strategy,
  { path, runtime, shared, affine, isBlind }: StrategyScope & { readonly isBlind: boolean },
): Handler {
  const { algorithm, failover = algorithm !== undefined, on_status_codes, on_errors } = strategy;
  const chosen = algorithm ?? (isSticky(strategy) ? 'sticky' : 'weighted');
  const view = isBlind ? undefined : childrenView(children, runtime, stickyKey(strategy, runtime.clock));
  const picker =
    typeof chosen === 'function'
      ? byFunction(chosen, { path, children }, view)
      : algorithms[chosen](
          children.map((child) => child.weight),
          runtime.random,
          view,
        );
  const edges = { path, onStatusCodes: on_status_codes, onErrors: on_errors };
  const mayGoOn = (error: PortkeyError) => goesOn(error, edges);
  const share = shareOf(strategy, runtime);
  const kept =
    affine === undefined || view === undefined
      ? { picker, children, around: (next: Handler) => next, wishOf: undefined }
      : affineNode(affine, picker, children, view);
  const seat =
    shared === undefined || view === undefined
      ? undefined
      : sharedSeat({ children: kept.children, view, link: shared, wishOf: kept.wishOf });
  const handler = loadbalance(kept.children, { path, picker: kept.picker, failover, view, seat, share, mayGoOn });
  return kept.around(
    seat === undefined || view === undefined || failover ? handler : pickAgain(children, view, handler),
  );
}

function shareOf({ share_deadline }: Strategy, { clock }: Runtime): Clock | undefined {
  return share_deadline === true ? clock : undefined;
}

/** The health of a node over compiled children. */
export function strategyHealth(strategy: Strategy, children: readonly HealthyChild[]): Health {
  const reachable = strategy.mode === 'loadbalance' ? children.filter(({ weight }) => weight > 0) : children;
  const healths = reachable.map(({ health }) => health);
  if (strategy.mode !== 'conditional') return nodeHealth(healths);
  const { routes, otherwise } = compileRoutes(strategy, children);
  return conditionalHealth(healths, ({ request, metadata, pathname }) => {
    const facts = { metadata, params: request.body, url: { pathname } };
    return (routes.find(({ matches }) => matches(facts))?.child ?? otherwise)?.health;
  });
}

/** A compiled child of a config. */
export interface HealthyChild extends Child {
  readonly health: Health;
}

function compileRoutes<Branch extends Child>({ conditions = [], ...strategy }: Strategy, children: readonly Branch[]) {
  const named = (name: string | undefined) => children.find((child) => child.name === name);
  const routes = conditions.map(({ query, then }) => ({
    matches: compileQuery(query, () => undefined),
    child: named(then) as Branch,
  }));
  return { routes, otherwise: strategy.default === undefined ? undefined : named(strategy.default) };
}

/** Portkey's own way to ask for it. */
function isSticky({ sticky }: Strategy): boolean {
  return sticky !== undefined && sticky.enabled !== false;
}
