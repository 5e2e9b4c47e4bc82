import { type Quantity, quantities } from '../../routing/state/quantity.ts';
import { toMilliseconds } from './duration.ts';
import type { LimitFields, RateLimit } from './limit-config.ts';

/** One rate limit of a node, in plain numbers. */
export interface LimitSpec {
  readonly of: Quantity;
  readonly limit: number;
  readonly perMs: number;
  /** With the safety margin. */
  readonly windowMs: number;
  readonly mode: 'steer' | 'enforce' | 'queue';
  /** Where it is written, below the node: `rate_limit[1]`, `rpm`. */
  readonly key: string;
}

/** The rate limits of a node in the order they are written, the short forms last. What is no limit at all is left out: the checks report it. */
export function limitSpecs({ rate_limit, rpm, tpm, rps }: LimitFields): readonly LimitSpec[] {
  const listed = Array.isArray(rate_limit) ? (rate_limit as readonly RateLimit[]) : undefined;
  const written: readonly (readonly [key: string, RateLimit])[] = [
    ...(listed ?? []).map((limit, index) => [`rate_limit[${index}]`, limit] as const),
    ...(listed !== undefined || rate_limit === undefined ? [] : [['rate_limit', rate_limit as RateLimit] as const]),
    ...(rpm === undefined ? [] : [['rpm', { requests: rpm, per: '1m' }] as const]),
    ...(tpm === undefined ? [] : [['tpm', { tokens: tpm, per: '1m' }] as const]),
    ...(rps === undefined ? [] : [['rps', { requests: rps, per: '1s' }] as const]),
  ];
  return written.flatMap(([key, limit]) => toSpec(key, limit) ?? []);
}

function toSpec(key: string, { per, mode = 'enforce', safety_margin = 0, ...given }: RateLimit): LimitSpec | undefined {
  const of = quantities.find((quantity) => given[quantity] !== undefined);
  const limit = of === undefined ? undefined : given[of];
  const perMs = toMilliseconds(per);
  if (of === undefined || limit === undefined || perMs === undefined) return undefined;
  return { of, limit, perMs, windowMs: perMs * (1 + safety_margin), mode, key };
}

const minuteMs = 60_000;

/** How much of a quantity a node may use a minute, by the tightest of its limits; undefined when none limits it. */
export function perMinute(node: LimitFields, of: 'requests' | 'tokens'): number | undefined {
  const rates = limitSpecs(node)
    .filter((spec) => spec.of === of)
    .map(({ limit, perMs }) => (limit * minuteMs) / perMs);
  return rates.length === 0 ? undefined : Math.min(...rates);
}
