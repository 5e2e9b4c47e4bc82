import type { Clock } from '../../../core/runtime.ts';
import type { SharedAnswer, SharedClaim } from '../../../core/shared-state.ts';
import type { Corrections } from './corrections.ts';

/** What a call holds of the shared limits until its reply ends. */
export interface SharedHold {
  /** Called once. What was really used, claim by claim; undefined where nobody knows: then what was reserved stands. Places are given back. */
  end(used: readonly (number | undefined)[]): void;
}

/** Makes holds, and keeps the places of those that live. */
export interface Holds {
  /** A name for places that nobody else uses. */
  newLease(): string;
  /** The claims were taken at the time `at` of the shared state. */
  taken(claims: readonly SharedClaim[], lease: string, at: number): SharedHold;
  /** Nothing was taken: what is used will be told when it is known. */
  absent(claims: readonly SharedClaim[]): SharedHold;
  /** The first of `candidates` goes ahead while the answer is still to come. */
  undecided(
    candidates: readonly (readonly SharedClaim[])[],
    lease: string,
    answer: Promise<SharedAnswer | undefined>,
  ): SharedHold;
}

/** What holds need. */
export interface HoldScope {
  readonly sender: string;
  readonly corrections: Corrections;
  readonly clock: Clock;
  readonly leaseMs: number;
  /** Sees to it that corrections are sent. */
  readonly flushSoon: () => void;
}

/** No holds yet. */
export function createHolds(scope: HoldScope): Holds {
  const { sender, corrections, flushSoon } = scope;
  const places = createPlaces(scope);
  let leases = 0;

  function taken(claims: readonly SharedClaim[], lease: string, at: number): SharedHold {
    places.keep(claims, lease);
    return {
      end(used) {
        claims.forEach((claim, index) => {
          if (claim.kind === 'lease') return;
          const change = Math.ceil(used[index] ?? claim.amount) - reserved(claim);
          if (change !== 0) corrections.change({ kind: 'add', claim: { ...claim, amount: change }, takenAt: at });
        });
        places.giveBack(claims, lease);
        if (corrections.isReady) flushSoon();
      },
    };
  }

  function absent(claims: readonly SharedClaim[]): SharedHold {
    return {
      end(used) {
        claims.forEach((claim, index) => {
          if (claim.kind === 'lease') return;
          const amount = Math.ceil(used[index] ?? claim.amount);
          if (amount > 0) corrections.owe({ ...claim, amount });
        });
        if (corrections.isReady) flushSoon();
      },
    };
  }

  return {
    newLease: () => `${sender}:${++leases}`,
    taken,
    absent,
    undecided(candidates, lease, answer) {
      const [first = []] = candidates;
      const decided = answer.then((given) => {
        if (given?.taken === 0) return taken(first, lease, given.at);
        const other = given?.taken === undefined ? undefined : candidates[given.taken];
        if (other !== undefined) taken(other, lease, given?.at ?? 0).end(other.map(() => 0));
        return absent(first);
      });
      return { end: (used) => void decided.then((hold) => hold.end(used)) };
    },
  };
}

/** A window takes no more than its limit for one amount. */
function reserved(claim: Exclude<SharedClaim, { kind: 'lease' }>): number {
  return Math.ceil(claim.kind === 'window' ? Math.min(claim.amount, claim.limit) : claim.amount);
}

/** Places held are renewed until they are given back; without any there is no timer. */
function createPlaces({ corrections, clock, leaseMs, flushSoon }: HoldScope) {
  const held = new Map<string, readonly string[]>();
  let cancelTimer: (() => void) | undefined;

  function renew(): void {
    for (const [lease, keys] of held) for (const key of keys) corrections.renew(key, lease);
    flushSoon();
    cancelTimer = clock.after(leaseMs / 3, renew);
  }

  return {
    keep(claims: readonly SharedClaim[], lease: string): void {
      const keys = keysOf(claims);
      if (keys.length === 0) return;
      held.set(lease, keys);
      cancelTimer ??= clock.after(leaseMs / 3, renew);
    },
    giveBack(claims: readonly SharedClaim[], lease: string): void {
      for (const key of keysOf(claims)) corrections.release(key, lease);
      held.delete(lease);
      if (held.size > 0) return;
      cancelTimer?.();
      cancelTimer = undefined;
    },
  };
}

function keysOf(claims: readonly SharedClaim[]): readonly string[] {
  return claims.filter(({ kind }) => kind === 'lease').map(({ key }) => key);
}
