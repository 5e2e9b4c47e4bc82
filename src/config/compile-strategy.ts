import type { Handler } from '../core/handler.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Child } from '../core/strategy.ts';
import { algorithms, byFunction } from '../routing/algorithms/index.ts';
import { conditional, fallback, loadbalance, single } from '../routing/strategies/index.ts';
import { compileQuery } from '../routing/strategies/query.ts';
import type { Strategy } from './config.ts';
import { childrenView } from './health/children-view.ts';
import { stickyKey } from './health/sticky-key.ts';

/** The node a strategy is compiled for. */
export interface StrategyScope {
  readonly path: string;
  readonly runtime: Runtime;
}

/** A checked strategy over compiled children. */
export function compileStrategy(strategy: Strategy, children: readonly Child[], scope: StrategyScope): Handler {
  return strategies[strategy.mode](children, strategy, scope);
}

type Build = (children: readonly Child[], strategy: Strategy, scope: StrategyScope) => Handler;

const strategies: Readonly<Record<Strategy['mode'], Build>> = {
  single: ([child]) => single(child as Child),
  fallback: (children, { on_status_codes, on_errors }, { path, runtime }) =>
    fallback(children, { path, onStatusCodes: on_status_codes, onErrors: on_errors }, runtime.events),
  loadbalance: (children, strategy, { path, runtime }) => {
    const { algorithm, failover = algorithm !== undefined } = strategy;
    const chosen = algorithm ?? (isSticky(strategy) ? 'sticky' : 'weighted');
    // Shares alone need no look at children that are always ready.
    const isBlind =
      (chosen === 'weighted' || chosen === 'random') && !children.some((child) => child.health?.isWatched);
    const view = isBlind ? undefined : childrenView(children, runtime, stickyKey(strategy, runtime.clock));
    const picker =
      typeof chosen === 'function'
        ? byFunction(chosen, { path, children }, view)
        : algorithms[chosen](
            children.map((child) => child.weight),
            runtime.random,
            view,
          );
    return loadbalance(children, { path, picker, failover, view });
  },
  conditional: (children, { conditions = [], default: otherwise }, { path }) => {
    const named = (name: string | undefined) => children.find((child) => child.name === name)?.handler;
    const routes = conditions.map(({ query, then }) => ({
      matches: compileQuery(query, () => undefined),
      handler: named(then) as Handler,
    }));
    return conditional(path, routes, otherwise === undefined ? undefined : named(otherwise));
  },
};

/** Portkey's own way to ask for it. */
function isSticky({ sticky }: Strategy): boolean {
  return sticky !== undefined && sticky.enabled !== false;
}
