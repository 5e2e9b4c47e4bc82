import type { Config, Strategy } from '../config.ts';
import { weightOf } from '../limits/weights.ts';
import { failuresOf } from './failures.ts';

/** What a loadbalance does with one of its targets. */
export interface Share {
  /** 0 to 1. */
  readonly share: number;
  readonly isReachable: boolean;
  readonly why: string;
}

/** Shares of a loadbalance by weight; an algorithm that looks at more than weights is told in words. */
export function sharesOf(strategy: Strategy, targets: readonly Config[]): readonly Share[] {
  const { algorithm, failover = algorithm !== undefined, weight_by: by = 'weight' } = strategy;
  const after = failover ? `, or after a sibling fails${failuresOf(strategy)}` : '';
  const weights = targets.map((target) => {
    const weight = weightOf(target, strategy);
    return algorithm === 'round_robin' && weight > 0 ? 1 : weight;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => {
    if (weight === 0) return { share: 0, isReachable: false, why: `${by} 0: never picked` };
    if (targets.length === 1) return { share: 1, isReachable: true, why: 'the only target' };
    const share = weight / sum;
    return { share, isReachable: true, why: `${reason(strategy, share, `${by} ${weight}`)}${after}` };
  });
}

function reason({ algorithm, sticky }: Strategy, share: number, weight: string): string {
  const part = `${percent(share)} of requests`;
  if (typeof algorithm === 'function') return 'a function in code picks';
  if (algorithm === 'round_robin') return `${part}: in turn`;
  const isSticky = algorithm === 'sticky' || (sticky !== undefined && sticky.enabled !== false);
  if (isSticky) return `${part}, the same for the same ${sticky?.hash_fields?.join(', ') ?? 'metadata._user'}`;
  const byWeight = `${part} (${weight})`;
  return algorithm === undefined || algorithm === 'weighted' || algorithm === 'random'
    ? byWeight
    : `about ${byWeight}, as "${algorithm}" sees it when the request comes`;
}

/** `70 %`, `33.3 %` */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
