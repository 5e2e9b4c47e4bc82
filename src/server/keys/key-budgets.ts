import type { OwnBudgets } from '../../config/money/client-money.ts';
import { type Account, type Accounts, createAccounts } from '../../routing/state/budget/accounts.ts';
import type { BudgetRule } from '../../routing/state/budget/budget-group.ts';
import { longestPeriodMs, periodMs } from '../../routing/state/budget/period.ts';
import { type IssuedKey, idOf } from './issued-key.ts';

/**
 * The money of keys, as budgets of every target: before a call is sent the most it can cost there is put aside, for all processes where
 * budgets are shared, and what it cost takes its place. A target that is too dear for what is left is passed over.
 */
export interface KeyBudgets extends OwnBudgets {
  /** Micro-dollars that the key spent here in its period, or altogether. */
  spentMicro(key: IssuedKey, now: number): number;
  /** Accounts of keys alone. */
  isOfKey(account: { readonly owner: string }): boolean;
  /** The owner's name of the key's account. */
  ownerOf(key: IssuedKey): string;
}

const owner = 'server';
const by = 'key';

/** Budgets of the keys that `find` knows by their ID. */
export function createKeyBudgets(find: (id: string) => IssuedKey | undefined): KeyBudgets {
  const accounts: Accounts = createAccounts();
  const rulesOf = (id: string): readonly BudgetRule[] => {
    const key = id === '' ? undefined : find(id);
    return key === undefined ? [] : [ruleOf(key)];
  };
  const ownerOf = (key: IssuedKey) => `${owner} ${by}=${idOf(key)}`;
  const accountOf = (key: IssuedKey, now: number): Account => accounts.passing(ownerOf(key), ruleOf(key).period, now);
  return {
    accounts,
    ownerOf,
    plans: [{ owner: () => owner, path: 'max_budget', by, rulesOf, isLive: true, size: 1 }],
    spentMicro: (key, now) => accountOf(key, now).spend.total(now),
    isOfKey: (account) => account.owner.startsWith(`${owner} ${by}=`),
  };
}

const rules = new WeakMap<IssuedKey, BudgetRule>();

/** Without an amount what is spent is only counted. A model whose price nobody knows costs nothing, as with LiteLLM. */
function ruleOf(key: IssuedKey): BudgetRule {
  const known = rules.get(key);
  if (known !== undefined) return known;
  const { max_budget: amount = Number.POSITIVE_INFINITY, budget_duration: duration } = key;
  const made: BudgetRule = {
    amountMicro: toMicro(amount),
    period: periodOf(key),
    periodText: duration ?? 'all time',
    unpriced: 'free',
    onExhausted: 'skip',
  };
  rules.set(key, made);
  return made;
}

/** Ten years stand for all time. */
export function periodOf({ budget_duration: duration }: IssuedKey) {
  return {
    reset: 'rolling',
    ms: (duration === undefined ? undefined : periodMs(duration)) ?? longestPeriodMs,
  } as const;
}

/** Dollars as whole micro-dollars. */
export function toMicro(usd: number): number {
  return Math.round(usd * 1e6);
}
