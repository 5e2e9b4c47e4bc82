import { CapacityError } from '../../core/errors/routing-errors.ts';
import type { KeyRate } from '../../core/key-terms.ts';
import type { Demand, Limit } from '../../core/limit.ts';
import { rateLimit } from '../../routing/middleware/index.ts';
import type { TargetStates } from '../../routing/state/target-states.ts';
import { mostKeyRates } from '../../vault/key-terms.ts';
import type { KeyRules } from './key-rules.ts';

/** Whose calls a target's are. */
export interface KeyRateScope {
  readonly rules: KeyRules;
  readonly states: Pick<TargetStates, 'meter'>;
  /** The virtual key of a call; empty for a key written on the target. */
  readonly keyOf: (demand: Demand) => string;
  /** The target's own. */
  readonly ownKey: string;
}

/**
 * The rate limits of whichever virtual key a call of a target goes with, as they stand at the time. What was sent is counted by key: all
 * targets with one share it, and a change of its limits forgets nothing.
 */
export function keyRateLimits(scope: KeyRateScope): readonly Limit[] {
  return Array.from({ length: mostKeyRates }, (_, index) => liveLimit(index, scope));
}

const nothingHeld = { settle: () => undefined, refund: () => undefined };

/** The `index`th rate limit of each key. */
function liveLimit(index: number, { rules, states, keyOf, ownKey }: KeyRateScope): Limit {
  let last: { readonly slug: string; readonly rate: KeyRate; readonly limit: Limit } | undefined;

  function limitOf(slug: string): Limit | undefined {
    const rate = rules.of(slug)?.rates[index];
    if (rate === undefined) return undefined;
    if (last?.slug !== slug || last.rate !== rate) last = { slug, rate, limit: made(slug, rate) };
    return last.limit;
  }

  function made(slug: string, { of, limit, perMs }: KeyRate): Limit {
    const key = `virtual key ${slug} ${of} ${perMs}`;
    const policy = { of, limit, perMs, windowMs: perMs, mode: 'enforce', guards: `virtual key ${slug}`, key } as const;
    return rateLimit(policy, states.meter(key, perMs));
  }

  const at = (demand: Demand) => limitOf(keyOf(demand));
  return {
    readyAt: (demand, now) => at(demand)?.readyAt(demand, now) ?? now,
    fitsEver: (demand) => at(demand)?.fitsEver?.(demand) ?? true,
    reserve: (demand, now) => at(demand)?.reserve(demand, now) ?? nothingHeld,
    refusal: (demand, now) => at(demand)?.refusal(demand, now) ?? liftedJustNow(),
    room: (demand, now) => at(demand)?.room?.(demand, now) ?? Number.POSITIVE_INFINITY,
    usedShare: (now) => limitOf(ownKey)?.usedShare?.(now) ?? 0,
    claim: (demand) => at(demand)?.claim?.(demand),
    snapshot: (now) => limitOf(ownKey)?.snapshot?.(now),
  };
}

function liftedJustNow(): CapacityError {
  const message = 'The rate limit of the virtual key, which has changed meanwhile, had no room.';
  return new CapacityError({ code: 'rate_limit', message, readyInMs: 0 });
}
