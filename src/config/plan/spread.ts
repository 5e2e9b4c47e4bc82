import { compileQuery } from '../../routing/strategies/query.ts';
import type { Config, Strategy } from '../config.ts';
import { failuresOf } from './failures.ts';
import type { PlannedCondition, PlannedRequest } from './plan.ts';
import { sharesOf } from './shares.ts';

/** What is known of a node from above. */
export interface Arrival {
  readonly path: string;
  readonly share: number;
  readonly isReachable: boolean;
  readonly why: string;
}

/** How a strategy hands a request on. */
export interface Spread {
  /** One for each target. */
  readonly arrivals: readonly Arrival[];
  readonly conditions?: readonly PlannedCondition[];
}

/** How `strategy` hands a request that came by `from` on to each of its targets. */
export function spread(strategy: Strategy, targets: readonly Config[], from: Arrival, planned: PlannedRequest): Spread {
  if (strategy.mode === 'conditional') return byCondition(strategy, targets, from, planned);
  const facts = factsOf(strategy, targets);
  return {
    arrivals: facts.map(({ share, isReachable, why }, index) => ({
      path: `${from.path}.targets[${index}]`,
      share: from.share * share,
      isReachable: from.isReachable && isReachable,
      why,
    })),
  };
}

function factsOf(strategy: Strategy, targets: readonly Config[]): readonly Omit<Arrival, 'path'>[] {
  if (strategy.mode === 'loadbalance') return sharesOf(strategy, targets);
  if (strategy.mode === 'single') return [{ share: 1, isReachable: true, why: 'the only target' }];
  return targets.map((target, index) =>
    index === 0
      ? { share: 1, isReachable: true, why: 'first' }
      : { share: 0, isReachable: true, why: `when the one before fails${failuresOf(strategy, target)}` },
  );
}

function byCondition(strategy: Strategy, targets: readonly Config[], from: Arrival, planned: PlannedRequest): Spread {
  const facts = { metadata: planned.metadata, params: planned.request.body, url: { pathname: planned.pathname } };
  const conditions = (strategy.conditions ?? []).map(({ query, then }) => ({
    query,
    then,
    matches: compileQuery(query, () => undefined)(facts),
  }));
  const first = conditions.findIndex(({ matches }) => matches);
  const chosen = conditions[first]?.then ?? strategy.default;
  const why = first === -1 ? 'the default: no condition matches' : `condition ${first + 1} is the first that matches`;
  const index = targets.findIndex(({ name }) => name !== undefined && name === chosen);
  const arrivals = targets.map((_, at) => {
    const path = `${from.path}.targets[${at}]`;
    return at === index
      ? { path, share: from.share, isReachable: from.isReachable, why }
      : { path, share: 0, isReachable: false, why: 'another target is chosen' };
  });
  return { arrivals, conditions };
}
