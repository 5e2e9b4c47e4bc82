import { BudgetExceededError } from '../../../core/errors/money-errors.ts';
import type { Account, Accounts } from './accounts.ts';
import { type BudgetGroup, type BudgetRule, type BudgetSeat, ownerOf } from './budget-group.ts';
import { keyOf } from './period.ts';

/** How a budget stands, as plain data. */
export interface BudgetSnapshot {
  /** Where it is written: `config.targets[0].budget`, `options.budgets`. */
  readonly path: string;
  /** Which of the budgets by a value: `metadata.team=research`; absent where there is one for all. */
  readonly of?: string;
  /** As written: `month`, `30d`. */
  readonly period: string;
  readonly amountUsd: number;
  readonly spentUsd: number;
  /** Put aside for calls under way. */
  readonly reservedUsd: number;
  /** Milliseconds since the epoch when it begins anew; absent for a rolling period. */
  readonly resetsAt?: number;
}

/** What a call is refused with that a budget has no room for. */
export function exceeded(
  { path, by, unit }: BudgetGroup,
  { account, rule }: BudgetSeat,
  boundMicro: number,
  { now, readyAt }: { readonly now: number; readonly readyAt: number },
): BudgetExceededError {
  const fitsEver = boundMicro <= rule.amountMicro;
  const whose = by === undefined ? '' : ` for ${account.owner.slice(account.owner.indexOf(` ${by.name}=`) + 1)}`;
  const amounts = `${amountText(account.spend.total(now), unit)} spent, ${amountText(account.reserved, unit)} put aside for calls under way`;
  const hint = fitsEver ? resetText(account, now) : ' Set max_tokens, or raise the amount: it never fits.';
  return new BudgetExceededError({
    message: `The budget of ${amountText(rule.amountMicro, unit)} per ${rule.periodText}${whose} at ${path} has no room: ${amounts}, and this call may ${unit === undefined ? 'cost' : 'use'} up to ${amountText(boundMicro, unit)}.${hint}`,
    readyInMs: readyAt - now,
    fitsEver,
    onExhausted: rule.onExhausted,
  });
}

function resetText({ spend }: Account, now: number): string {
  const endsAt = spend.endsAt(now);
  return endsAt === undefined ? '' : ` It begins anew at ${new Date(endsAt).toISOString()}.`;
}

/** Micro-dollars as dollars. */
export function toUsd(micro: number): number {
  return micro / 1e6;
}

/** Micro-dollars, or what else a budget counts, for people. */
export function amountText(micro: number, unit: BudgetGroup['unit']): string {
  return unit === undefined ? `${toUsd(micro)} USD` : `${micro} ${unit}`;
}

const mostValues = 100;

/** How the budgets of a group stand; of those by a value the 100 on which most was spent. */
export function budgetSnapshots(group: BudgetGroup, accounts: Accounts, now: number): readonly BudgetSnapshot[] {
  const { by, unit } = group;
  // Told among the limits.
  if (unit !== undefined) return [];
  if (by === undefined)
    return group
      .rulesOf('')
      .map((rule) => snapshotOf(group, { rule, account: accounts.at(group.owner(), rule.period) }, now));
  const prefix = ownerOf(group, '');
  return accounts
    .ownedBy(prefix)
    .flatMap((account) => {
      const rule = group.rulesOf(account.owner.slice(prefix.length)).find((each) => isOf(account, each));
      return rule === undefined || !Number.isFinite(rule.amountMicro)
        ? []
        : [{ rule, account, spent: account.spend.total(now) }];
    })
    .sort((a, b) => b.spent - a.spent || (a.account.owner < b.account.owner ? -1 : 1))
    .slice(0, mostValues)
    .map((seat) => snapshotOf(group, seat, now, seat.account.owner.slice(prefix.length - by.name.length - 1)));
}

function isOf(account: Account, rule: BudgetRule): boolean {
  return keyOf(account.period) === keyOf(rule.period);
}

function snapshotOf({ path }: BudgetGroup, { rule, account }: BudgetSeat, now: number, of?: string): BudgetSnapshot {
  const resetsAt = account.spend.endsAt(now);
  return {
    path,
    period: rule.periodText,
    amountUsd: toUsd(rule.amountMicro),
    spentUsd: toUsd(account.spend.total(now)),
    reservedUsd: toUsd(account.reserved),
    ...(of === undefined ? {} : { of }),
    ...(resetsAt === undefined ? {} : { resetsAt }),
  };
}
