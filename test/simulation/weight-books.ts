import type { Config } from '../../src/config/config.ts';
import type { TargetFacts } from './target-facts.ts';

/** How often each child of a loadbalance was picked, where nothing but weights decides. */
export interface WeightBooks {
  /** A request makes its first attempt at `path`. */
  picked(path: string): void;
  /** Reports every child picked far more or less often than its weight says. */
  check(broken: (problem: string) => void): void;
}

/** Standard deviations that chance alone never strays. */
const mostSigmas = 6;

/** Books of one config in one process. */
export function weightBooks(config: Config, factsOf: (id: string) => TargetFacts): WeightBooks {
  const nodes = new Map<string, { readonly weights: readonly number[]; readonly counts: number[] }>();
  collect(config, 'config', { retriesNode: false, cools: false, isGated: false });

  function collect(
    node: Config,
    path: string,
    above: { readonly retriesNode: boolean; readonly cools: boolean; readonly isGated: boolean },
  ): void {
    const here = {
      retriesNode: above.retriesNode || node.retry?.scope === 'node',
      cools: above.cools || node.cooldown !== undefined,
      // Below a queue a target is left alone for as long as its provider asks.
      isGated: above.isGated || node.queue !== undefined,
    };
    const { strategy, targets = [] } = node;
    if (strategy === undefined) return;
    const isByWeight = ['weighted', 'random', undefined].includes(strategy.algorithm as undefined);
    // Below one that compares its targets, those whose provider asked for a wait come last, too.
    const below = { ...here, isGated: here.isGated || !isByWeight };
    for (const [index, target] of targets.entries()) collect(target, `${path}.targets[${index}]`, below);
    if (strategy.mode !== 'loadbalance' || strategy.failover !== false || !isByWeight || node.affinity) return;
    if (here.retriesNode || here.cools || here.isGated || !targets.every((target) => isPlain(target, factsOf))) return;
    nodes.set(path, { weights: targets.map(({ weight = 1 }) => weight), counts: targets.map(() => 0) });
  }

  return {
    picked(path) {
      const [, parent = '', index = ''] = /^(.*)\.targets\[(\d+)\]$/.exec(path) ?? [];
      const node = nodes.get(parent);
      if (node !== undefined) node.counts[Number(index)] = (node.counts[Number(index)] ?? 0) + 1;
    },
    check(broken) {
      for (const [path, { weights, counts }] of nodes) {
        const all = counts.reduce((sum, count) => sum + count, 0);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        counts.forEach((count, index) => {
          const share = (weights[index] ?? 0) / total;
          const most = mostSigmas * Math.sqrt(all * share * (1 - share)) + (share === 0 ? 0 : 2);
          if (Math.abs(count - all * share) > most)
            broken(`${path}.targets[${index}] was picked ${count} times of ${all}, its share is ${share}`);
        });
      }
    },
  };
}

/** Nothing but its weight says how often it is picked. */
function isPlain(
  { strategy, api_keys, cooldown, rate_limit, quota_group, id = '' }: Config,
  factsOf: (id: string) => TargetFacts,
): boolean {
  if (strategy !== undefined || api_keys !== undefined || cooldown !== undefined) return false;
  if (rate_limit !== undefined || quota_group !== undefined) return false;
  const { maxConcurrency, accounts } = factsOf(id);
  return maxConcurrency === undefined && accounts.length === 0;
}
