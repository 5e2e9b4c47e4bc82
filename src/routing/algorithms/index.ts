import type { Algorithm } from '../../core/algorithm.ts';
import { cost } from './cost.ts';
import { latency } from './latency.ts';
import { leastBusy } from './least-busy.ts';
import { random } from './random.ts';
import { rateLimitAware } from './rate-limit-aware.ts';
import { roundRobin } from './round-robin.ts';
import { sticky } from './sticky.ts';
import { usage } from './usage.ts';
import { weighted } from './weighted.ts';

/** The ways to pick a child, by the name `strategy.algorithm` gives. */
export const algorithms = {
  weighted,
  random,
  round_robin: roundRobin,
  least_busy: leastBusy,
  latency,
  cost,
  usage,
  rate_limit_aware: rateLimitAware,
  sticky,
} as const satisfies Record<string, Algorithm>;

/** One of the names in {@link algorithms}. */
export type AlgorithmName = keyof typeof algorithms;

export { type AffinityKind, affinityKey } from './affinity/affinity-key.ts';
export { type Affine, type AffinityWish, affinity, type SharedMemory } from './affinity.ts';
export { byFunction, type PickFunction, type PickRequest, type PickTarget } from './by-function.ts';
