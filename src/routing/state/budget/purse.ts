import type { Account, Accounts } from './accounts.ts';

/** An amount that an account may spend within its period. */
export interface Allowance {
  readonly account: Account;
  /** Whole micro-dollars. */
  readonly amountMicro: number;
}

/** Money of one owner, in one or several periods at once: a call must fit them all. */
export interface Purse {
  /**
   * Clock milliseconds from which a call that costs at most `boundMicro` fits: not after `now` when it fits now, Infinity while that
   * depends on a call under way, or when it is more than a whole period may cost.
   */
  readyAt(boundMicro: number, now: number): number;
  /** Puts `boundMicro` aside in every period. Only where it fits now. */
  reserve(boundMicro: number): Hold;
  readonly allowances: readonly Allowance[];
}

/** Money put aside for one call. Exactly one of the two is called, once. */
export interface Hold {
  /** The call cost `micro`, which takes the place of what was put aside. */
  settle(micro: number, now: number): void;
  /** It cost nothing. */
  refund(): void;
}

/**
 * What was spent and is put aside never exceeds an amount, however many calls are under way at once; what was spent exceeds it by no
 * more than the calls under way cost beyond what was put aside for them.
 */
export function createPurse(allowances: readonly Allowance[], accounts: Pick<Accounts, 'charge'>): Purse {
  return {
    allowances,
    readyAt(boundMicro, now) {
      let latest = now;
      for (const allowance of allowances) latest = Math.max(latest, fitsAt(allowance, boundMicro, now));
      return latest;
    },
    reserve(boundMicro) {
      for (const { account } of allowances) account.reserved += boundMicro;
      const release = () => {
        for (const { account } of allowances) account.reserved -= boundMicro;
      };
      return {
        settle(micro, now) {
          release();
          for (const { account } of allowances) accounts.charge(account, micro, now);
        },
        refund: release,
      };
    },
  };
}

/** When a call fits one amount. What costs nothing always does. */
export function fitsAt({ account, amountMicro }: Allowance, boundMicro: number, now: number): number {
  if (boundMicro === 0) return now;
  const room = amountMicro - boundMicro;
  if (room < 0) return Number.POSITIVE_INFINITY;
  const { spend, reserved } = account;
  const spent = spend.total(now);
  if (spent + reserved <= room) return now;
  // Money that is only put aside may come back with the next call that ends.
  return spent <= room ? Number.POSITIVE_INFINITY : spend.atMost(Math.max(0, room - reserved), now);
}
