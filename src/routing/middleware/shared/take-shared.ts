import type { Claim, Demand, Limit, LimitSet, Reservation, Taking } from '../../../core/limit.ts';
import type { SharedClaim } from '../../../core/shared-state.ts';
import type { SharedHold } from './holds.ts';
import type { SharedLink, SharedVerdict } from './link.ts';

/** What a call takes of the limits that processes share: a reservation, nothing where there is nothing to take, or `refused`. */
export type SharedTake = Reservation | 'refused' | undefined;

/** Takes what `demand` needs of all limits at once, for all processes. Never rejects; at once where nothing is shared, or nobody answers. */
export function takeShared(limits: LimitSet, demand: Demand, link: SharedLink): SharedTake | Promise<SharedTake> {
  const { claims, shared } = takingOf(limits, demand);
  if (claims.length === 0) {
    link.glance();
    return undefined;
  }
  const verdict = link.reserve([shared]);
  return verdict instanceof Promise ? verdict.then((late) => toTake(late, claims)) : toTake(verdict, claims);
}

/** What a call takes of `limits`, as far as they are shared. What only steers is counted and keeps nobody out. */
export function takingOf({ binding, steering }: LimitSet, demand: Demand): Taking {
  const hard = claimsOf(binding, demand);
  const soft = claimsOf(steering, demand);
  return { claims: [...hard, ...soft], shared: [...hard.map(toShared), ...soft.map(toSoft)] };
}

function claimsOf(limits: readonly Limit[], demand: Demand): readonly Claim[] {
  const claims: Claim[] = [];
  for (const limit of limits) {
    const claim = limit.claim?.(demand);
    if (claim !== undefined) claims.push(claim);
  }
  return claims;
}

function toShared({ key, amount, limit, windowMs, endsInMs }: Claim): SharedClaim {
  if (windowMs !== undefined) return { kind: 'window', key, amount, limit, windowMs };
  return endsInMs === undefined ? { kind: 'lease', key, limit } : { kind: 'total', key, amount, limit, endsInMs };
}

function toSoft(claim: Claim): SharedClaim {
  const shared = toShared(claim);
  return shared.kind === 'window' ? { ...shared, isSoft: true } : shared;
}

function toTake(verdict: SharedVerdict, claims: readonly Claim[]): SharedTake {
  return verdict.kind === 'refused' ? 'refused' : reservationOf(verdict.hold, claims);
}

/** A hold as a reservation: what a reply used becomes an amount for each claim. */
export function reservationOf(hold: SharedHold, claims: readonly Claim[]): Reservation {
  return {
    settle: (usage) =>
      hold.end(claims.map(({ amount, amountOf }) => (usage === undefined ? undefined : (amountOf?.(usage) ?? amount)))),
    refund: () => hold.end(claims.map(() => 0)),
  };
}
