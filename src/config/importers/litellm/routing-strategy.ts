import { didYouMean } from '../../../core/did-you-mean.ts';
import type { Section } from '../foreign/section.ts';
import type { PreCallChecks } from './pre-call-checks.ts';
import type { Settings } from './settings.ts';

/** How the deployments of a group are chosen from. */
export interface Routing {
  readonly algorithm: 'weighted' | 'least_busy' | 'usage' | 'latency' | 'cost';
  /** Deployments beyond their `rpm` and `tpm` are not asked at all; otherwise these are shares, and steer. */
  readonly enforcesLimits: boolean;
}

const strategies: Readonly<Record<string, Routing>> = {
  'simple-shuffle': { algorithm: 'weighted', enforcesLimits: false },
  'least-busy': { algorithm: 'least_busy', enforcesLimits: false },
  'usage-based-routing': { algorithm: 'usage', enforcesLimits: true },
  'usage-based-routing-v2': { algorithm: 'usage', enforcesLimits: true },
  'latency-based-routing': { algorithm: 'latency', enforcesLimits: true },
  'cost-based-routing': { algorithm: 'cost', enforcesLimits: true },
};

/** The routing of each group, by its name. */
export function readRouting(
  settings: Settings,
  checks: Pick<PreCallChecks, 'enforcesLimits'>,
): (group: string) => Routing {
  const isAsked = settings.holder('enable_pre_call_checks')?.boolean('enable_pre_call_checks') === true;
  const isChecked = isAsked || checks.enforcesLimits;
  const standing = strategyAt(settings.holder('routing_strategy')) ?? (strategies['simple-shuffle'] as Routing);
  settings.warn('routing_strategy_args', argsMessage);
  const own = groupStrategies(settings.holder('routing_groups'));
  return (group) => {
    const routing = own.get(group) ?? standing;
    return isChecked ? { ...routing, enforcesLimits: true } : routing;
  };
}

const argsMessage =
  'No counterpart: a deployment’s latency is a moving average times the requests in flight, its usage a sliding window.';

function strategyAt(section: Section | undefined): Routing | undefined {
  const name = section?.text('routing_strategy');
  if (section === undefined || name === undefined) return undefined;
  const found = Object.hasOwn(strategies, name) ? strategies[name] : undefined;
  if (found === undefined) {
    const names = Object.keys(strategies);
    section.refuse('routing_strategy', `Unknown.${didYouMean(name, names) || ` Valid: ${names.join(', ')}.`}`);
  }
  return found;
}

/** `routing_groups`: groups of models with a strategy of their own. */
function groupStrategies(settings: Section | undefined): ReadonlyMap<string, Routing> {
  const found = new Map<string, Routing>();
  for (const section of settings?.sections('routing_groups') ?? []) {
    const routing = strategyAt(section);
    const models = section.texts('models') ?? [];
    section.warn('routing_strategy_args', argsMessage);
    section.warn('group_name', 'Only a name: it has no effect.');
    section.finish(['models', 'routing_strategy']);
    if (routing === undefined) continue;
    for (const model of models) found.set(model, routing);
  }
  return found;
}
