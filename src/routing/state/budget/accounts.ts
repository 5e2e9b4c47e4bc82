import { createRecencyMap, type RecencyMap } from '../../../core/recency-map.ts';
import { createCalendars } from './calendar.ts';
import { type BudgetPeriod, keyOf } from './period.ts';
import { createSpend, type Spend } from './spend.ts';

/** What one owner spent in one period, and what calls under way may still spend. All amounts in whole micro-dollars. */
export interface Account {
  readonly owner: string;
  readonly period: BudgetPeriod;
  readonly spend: Spend;
  /** Held for calls under way; part of no period, so that none is forgotten when one ends. */
  reserved: number;
}

/** The accounts of many owners, whatever their budgets: amounts may change, what was spent stays. */
export interface Accounts {
  /** The account of `owner` for `period`, made when it is new. For owners a config names: kept before those of {@link Accounts.passing}. */
  at(owner: string, period: BudgetPeriod): Account;
  /** The same for owners that requests name, of whom there may be any number. */
  passing(owner: string, period: BudgetPeriod, now: number): Account;
  /** Books what a call cost, and tells who listens. */
  charge(account: Account, micro: number, now: number): void;
  /** How many had to go: while it stays the same, every account given out is the only one of its owner. */
  readonly forgotten: number;
  /** The accounts whose owner's name begins with `prefix`. */
  ownedBy(prefix: string): readonly Account[];
  /** Every account on which something counts now, as plain data. */
  snapshot(now: number): readonly AccountSnapshot[];
  /** Adds what a snapshot says to what is known: after a restart, or what another process spent. Listeners are not told. */
  restore(snapshot: readonly AccountSnapshot[], now: number): void;
  /** Calls `listener` for every charge; the returned function takes it away. */
  onCharge(listener: (charge: Charge) => void): () => void;
}

/** An account as plain data. */
export interface AccountSnapshot {
  readonly owner: string;
  readonly period: BudgetPeriod;
  /** Clock milliseconds and micro-dollars spent about then. */
  readonly spent: readonly (readonly [at: number, micro: number])[];
}

/** A call's cost, booked. */
export interface Charge {
  readonly owner: string;
  readonly period: BudgetPeriod;
  readonly micro: number;
  readonly at: number;
}

/** How many accounts are kept. */
export interface AccountsOptions {
  /** Of each sort; default 100,000. Past it those without spend go first, then those longest not used. */
  readonly most?: number;
  /** Told when an account on which something counts had to go. */
  readonly onForgotten?: (owner: string) => void;
}

/** No accounts yet. */
export function createAccounts({ most = 100_000, onForgotten }: AccountsOptions = {}): Accounts {
  const named = createRecencyMap<Account>();
  const passing = createRecencyMap<Account>();
  const listeners = new Set<(charge: Charge) => void>();
  const calendars = createCalendars();
  let forgotten = 0;

  function open(owner: string, period: BudgetPeriod): Account {
    return { owner, period, spend: createSpend(period, calendars), reserved: 0 };
  }

  function take(accounts: RecencyMap<Account>, key: string, fresh: () => Account, now?: number): Account {
    const known = accounts.use(key);
    if (known !== undefined) return known;
    if (accounts.size >= most && makeRoom(accounts, now ?? 0, onForgotten)) forgotten++;
    const account = fresh();
    accounts.set(key, account);
    return account;
  }

  const accounts: Accounts = {
    get forgotten() {
      return forgotten;
    },
    at(owner, period) {
      const key = keyFor(owner, period);
      const known = passing.delete(key);
      if (known !== undefined) named.set(key, known);
      return take(named, key, () => open(owner, period));
    },
    passing(owner, period, now) {
      const key = keyFor(owner, period);
      return named.get(key) ?? take(passing, key, () => open(owner, period), now);
    },
    charge(account, micro, now) {
      account.spend.add(micro, now);
      if (micro === 0) return;
      for (const listener of listeners) listener({ owner: account.owner, period: account.period, micro, at: now });
    },
    ownedBy: (prefix) => [...named.values(), ...passing.values()].filter(({ owner }) => owner.startsWith(prefix)),
    snapshot: (now) =>
      [...named.values(), ...passing.values()].flatMap(({ owner, period, spend }) => {
        const spent = spend.entries(now);
        return spent.length === 0 ? [] : [{ owner, period, spent }];
      }),
    restore(snapshot, now) {
      for (const { owner, period, spent } of snapshot) {
        const { spend } = accounts.passing(owner, period, now);
        // The clock first: what is over by now must not come back.
        spend.total(now);
        for (const [at, micro] of spent) spend.add(micro, at);
      }
    },
    onCharge(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return accounts;
}

function keyFor(owner: string, period: BudgetPeriod): string {
  return `${owner}\n${keyOf(period)}`;
}

const looksAt = 64;

/** Drops one, if any may go. Looks at the oldest only, so that making room costs the same however many there are. Money on hold is never forgotten. */
function makeRoom(accounts: RecencyMap<Account>, now: number, onForgotten: AccountsOptions['onForgotten']): boolean {
  let looked = 0;
  let oldest: string | undefined;
  for (const [key, account] of accounts.entries()) {
    if (account.reserved === 0) {
      if (account.spend.total(now) === 0) {
        accounts.delete(key);
        return true;
      }
      oldest ??= key;
    }
    if (++looked >= looksAt) break;
  }
  const gone = oldest === undefined ? undefined : accounts.delete(oldest);
  if (gone === undefined) return false;
  onForgotten?.(gone.owner);
  return true;
}
