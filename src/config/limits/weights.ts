import type { Config, Strategy } from '../config.ts';
import { perMinute } from './limit-specs.ts';

/** The share of a loadbalance that a target gets: its `weight`, or with `weight_by` what it may use a minute; then 0 for one without such a limit. A `weight` of 0 keeps it out either way. */
export function weightOf(target: Config, { weight_by }: Strategy): number {
  const { weight = 1 } = target;
  if (weight === 0 || weight_by === undefined || weight_by === 'weight') return weight;
  return rateOf(target, weight_by === 'rpm' ? 'requests' : 'tokens');
}

/** Of a node without a limit of its own, that of its targets together. */
function rateOf(node: Config, of: 'requests' | 'tokens'): number {
  return perMinute(node, of) ?? (node.targets ?? []).reduce((total, target) => total + rateOf(target, of), 0);
}
