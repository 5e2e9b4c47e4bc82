import type { Demand } from '../../../core/limit.ts';
import type { Account, Accounts } from './accounts.ts';
import type { BudgetPeriod } from './period.ts';

/** One amount for one period. */
export interface BudgetRule {
  /** Whole micro-dollars; Infinity: what is spent is only counted. */
  readonly amountMicro: number;
  readonly period: BudgetPeriod;
  /** The period as it was written. */
  readonly periodText: string;
  /** What becomes of a model whose price nobody knows. */
  readonly unpriced: 'refuse' | 'free';
  readonly onExhausted: 'skip' | 'reject';
}

/** Budgets of one place, a target, a node or a client: for all calls together, or for each value of something. */
export interface BudgetGroup {
  /** Whose money it is, whatever config says so: `target 1f0c`, `node team-a`, `client`. Known when the first call comes. */
  readonly owner: () => string;
  /** Where it is written: `config.targets[0].budget`, `options.budgets`. */
  readonly path: string;
  /** Absent: one budget for all calls. */
  readonly by?: BudgetKey | undefined;
  /** The amounts for a value of `by`, none where it has no budget. */
  readonly rulesOf: (value: string) => readonly BudgetRule[];
  /** The amounts may change at any time: they are looked up with every question. */
  readonly isLive?: true;
  /** What amounts count, in place of micro-dollars. */
  readonly unit?: 'tokens';
  /** The most amounts any value has. */
  readonly size: number;
}

/** What there is a budget for each value of. */
export interface BudgetKey {
  /** `provider`, `virtual_key`, `model`, `metadata.team`. */
  readonly name: string;
  /** Empty where a call has none. */
  readonly valueOf: (demand: Demand) => string;
}

/** An amount, and the account it is spent from. */
export interface BudgetSeat {
  readonly rule: BudgetRule;
  readonly account: Account;
}

/** The `index`th amount that a call must fit; undefined where it has none. */
export function seatFinder(group: BudgetGroup, index: number, accounts: Accounts) {
  const { by } = group;
  if (by !== undefined) {
    const seatOf = (value: string, now: number): BudgetSeat | undefined => {
      const rule = group.rulesOf(value)[index];
      return rule && { rule, account: accounts.passing(ownerOf(group, value), rule.period, now) };
    };
    if (group.isLive === true) return (demand: Demand, now: number) => seatOf(by.valueOf(demand), now);
    return lastKept(accounts, by.valueOf, seatOf);
  }
  let standing: BudgetSeat | undefined;
  return (): BudgetSeat | undefined => {
    const rule = group.rulesOf('')[index];
    standing ??= rule && { rule, account: accounts.at(group.owner(), rule.period) };
    return standing;
  };
}

/** A call asks several times: what was found for its value is kept until another asks. */
function lastKept<Found>(
  accounts: Accounts,
  valueIn: (demand: Demand) => string,
  find: (value: string, now: number) => Found,
): (demand: Demand, now: number) => Found {
  let kept: { readonly value: string; readonly found: Found; readonly forgotten: number } | undefined;
  return (demand, now) => {
    const value = valueIn(demand);
    if (kept === undefined || kept.value !== value || kept.forgotten !== accounts.forgotten)
      kept = { value, found: find(value, now), forgotten: accounts.forgotten };
    return kept.found;
  };
}

/** Whose account it is for a value of `by`. */
export function ownerOf(group: BudgetGroup, value: string): string {
  return group.by === undefined ? group.owner() : `${group.owner()} ${group.by.name}=${value}`;
}
