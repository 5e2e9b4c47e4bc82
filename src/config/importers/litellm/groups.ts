import type { ErrorEdge } from '../../../core/errors/kind.ts';
import type { Affinity } from '../../affinity/affinity-config.ts';
import type { Config, Cooldown, Retry, Sticky, Strategy } from '../../config.ts';
import type { Notes } from '../foreign/notes.ts';
import type { Deployment } from './deployment.ts';
import type { Routing } from './routing-strategy.ts';

/** What holds for every group. */
export interface GroupScope {
  readonly notes: Notes;
  readonly routing: (group: string) => Routing;
  readonly retry: (group: string, own: readonly number[]) => Retry;
  readonly cooldown: Cooldown | undefined;
  readonly sticky: Sticky | undefined;
  readonly affinityFor: (isSticky: boolean) => Affinity | undefined;
}

/** The deployments of each name as one node, in the order of the names. */
export function toGroups(deployments: readonly Deployment[], scope: GroupScope): Readonly<Record<string, Config>> {
  return Object.fromEntries(
    [...Map.groupBy(deployments, ({ group }) => group)].map(([name, list]) => [name, toGroup(name, list, scope)]),
  );
}

/** Failures after which another deployment of the same model is worth asking. A prompt that is too long, or refused, fails everywhere. */
const goesOn: { readonly on_errors: readonly ErrorEdge[]; readonly on_status_codes: readonly number[] } = {
  on_errors: ['budget', 'rate_limit', 'timeout', 'auth', 'billing', 'server', 'network'],
  on_status_codes: [404],
};

/** Tiers by `order`, each a loadbalance that tries every sibling; the next tier when all of one has failed. */
function toGroup(name: string, deployments: readonly Deployment[], scope: GroupScope): Config {
  const tiers = [...Map.groupBy(deployments, ({ order }) => order ?? Number.POSITIVE_INFINITY)].sort(
    ([a], [b]) => a - b,
  );
  const nodes = tiers.map(([, list]) => toTier(name, list, scope));
  const [only] = nodes;
  if (only !== undefined && nodes.length === 1) return only;
  return {
    strategy: { mode: 'fallback', ...goesOn },
    // One deployment in its tier is not the only one of its group.
    ...(scope.cooldown === undefined ? {} : { cooldown: { ...scope.cooldown, exempt_single: false } }),
    targets: nodes,
  };
}

function toTier(name: string, deployments: readonly Deployment[], scope: GroupScope): Config {
  const retries = deployments.flatMap(({ retries: own }) => (own === undefined ? [] : [own]));
  if (new Set(retries).size > 1)
    scope.notes.warn(
      `$.model_list`,
      `The deployments of "${name}" differ in num_retries: a group retries as a whole, ${Math.max(...retries)} times.`,
    );
  const { weight_by, targets } = weighed(name, deployments, scope);
  const { algorithm } = scope.routing(name);
  const isSticky = scope.sticky !== undefined && algorithm === 'weighted';
  const affinity = scope.affinityFor(isSticky);
  const strategy = {
    mode: 'loadbalance',
    ...(isSticky ? { algorithm: 'sticky', sticky: scope.sticky } : { algorithm }),
    ...(weight_by === undefined ? {} : { weight_by }),
    failover: true,
    ...goesOn,
  } as Strategy;
  return { strategy, ...(affinity === undefined ? {} : { affinity }), retry: scope.retry(name, retries), targets };
}

interface Weighed {
  readonly targets: readonly Config[];
  readonly weight_by: 'rpm' | 'tpm' | undefined;
}

/** Shares by the first of weight, rpm and tpm that a deployment has. One that lacks it, beside others that have it, is not picked. */
function weighed(name: string, deployments: readonly Deployment[], { notes, routing }: GroupScope): Weighed {
  const isWeighted = routing(name).algorithm === 'weighted';
  const noted = (message: string) => {
    for (const { path, weight } of deployments)
      if (weight !== undefined) notes.warn(`${path}.litellm_params.weight`, message);
  };
  if (!isWeighted) noted('Only "simple-shuffle" heeds weights.');
  else if (deployments.some(({ weight = 0 }) => weight > 0)) return byWeight(deployments, notes);
  else noted('All weights are 0: they are left out.');
  const by = (['rpm', 'tpm'] as const).find((key) => deployments.some(({ rates }) => rates[key] !== undefined));
  if (!isWeighted || by === undefined)
    return { targets: deployments.map(({ target }) => target), weight_by: undefined };
  return byRate(by, deployments, notes);
}

function byWeight(deployments: readonly Deployment[], notes: Notes): Weighed {
  const targets = deployments.map(({ path, target, weight }) => {
    if (weight === undefined) notes.warn(path, 'Without "weight" beside deployments that have one it is never picked.');
    return { ...target, weight: weight ?? 0 };
  });
  return { targets, weight_by: undefined };
}

function byRate(by: 'rpm' | 'tpm', deployments: readonly Deployment[], notes: Notes): Weighed {
  const targets = deployments.map(({ path, target, rates }) => {
    if (rates[by] !== undefined) return target;
    notes.warn(path, `Without "${by}" beside deployments that have one it is never picked.`);
    return { ...target, weight: 0 };
  });
  return { targets, weight_by: by };
}
