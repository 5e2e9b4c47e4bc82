import type { BodyRule } from '../../core/demand.ts';
import type { Health } from '../../core/health.ts';
import type { Strategy } from '../config.ts';
import type { Fare } from './fare.ts';

/** What a request is expected to cost at a target: its prompt, and the longest reply it allows, without discounts. */
export function targetCost(fare: Fare, rule: BodyRule | undefined): Required<Pick<Health, 'costMicro'>> {
  return {
    costMicro(now, demand) {
      const own = demand.under(rule);
      const tariff = fare.tariffFor(own, now);
      return tariff?.costOf({ promptTokens: own.inputTokens, completionTokens: own.outputTokens });
    },
  };
}

/** What it is expected to cost at a node: of a loadbalance the mean of the children that may be picked, of a fallback the first; those without a price left out. A conditional's is that of the branch. */
export function nodeCost(
  mode: Strategy['mode'],
  children: readonly { readonly weight: number; readonly health: Health }[],
): Pick<Health, 'costMicro'> {
  if (mode === 'conditional') return {};
  const reachable = children.filter(({ weight }) => mode !== 'loadbalance' || weight > 0);
  if (reachable.every(({ health }) => health.costMicro === undefined)) return {};
  return {
    costMicro(now, demand) {
      const known = reachable.flatMap(({ health }) => health.costMicro?.(now, demand) ?? []);
      if (mode !== 'loadbalance' || known.length === 0) return known[0];
      return known.reduce((total, micro) => total + micro, 0) / known.length;
    },
  };
}
