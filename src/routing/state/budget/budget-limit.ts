import { UnknownPriceError } from '../../../core/errors/money-errors.ts';
import type { Demand, Limit, Reservation } from '../../../core/limit.ts';
import type { CallSize, Tariff } from '../../../core/pricing.ts';
import type { Usage } from '../../../core/usage.ts';
import type { Accounts } from './accounts.ts';
import { type BudgetGroup, type BudgetSeat, seatFinder } from './budget-group.ts';
import { exceeded } from './budget-words.ts';
import { keyOf } from './period.ts';
import { createPurse, fitsAt } from './purse.ts';

/** What budgets need to know of calls. */
export interface BudgetScope {
  readonly accounts: Accounts;
  readonly now: () => number;
  /** What a call costs; null: nobody knows, undefined: not yet known. */
  readonly tariffFor: (demand: Demand, now: number) => Tariff | null | undefined;
  /** Tokens of the target's longest reply; undefined when nobody says. */
  readonly maxOutputTokens?: number | undefined;
}

/**
 * The budgets of a group as limits of a target. Put aside is the most a call can cost; what it cost takes its place when its reply ends.
 * A call that ended without anybody knowing what it used is charged with all of it.
 */
export function budgetLimits(group: BudgetGroup, scope: BudgetScope): readonly Limit[] {
  const counted = group.unit === 'tokens' ? { ...scope, tariffFor: () => perToken } : scope;
  return Array.from({ length: group.size }, (_, index) => budgetLimit(group, index, counted));
}

/** Each token counts one. */
const perToken: Tariff = {
  source: 'config',
  costOf: ({ promptTokens, completionTokens }) => promptTokens + completionTokens,
  boundOf: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
};

/** What a call may cost at most, and whose money it is. */
interface Quote extends BudgetSeat {
  readonly tariff: Tariff | null | undefined;
  /** Undefined: nobody knows, and so it must not be sent. */
  readonly boundMicro: number | undefined;
}

const nothingHeld: Reservation = { settle: () => undefined, refund: () => undefined };

function budgetLimit(group: BudgetGroup, index: number, scope: BudgetScope): Limit {
  const { accounts, now: clock } = scope;
  const seatFor = seatFinder(group, index, accounts);

  function quote(demand: Demand, now: number): Quote | undefined {
    const seat = seatFor(demand, now);
    if (seat === undefined) return undefined;
    const tariff = scope.tariffFor(demand, now);
    const isBarred = tariff === null && seat.rule.unpriced === 'refuse';
    const isLimited = Number.isFinite(seat.rule.amountMicro);
    const boundMicro = isBarred ? undefined : isLimited ? (tariff?.boundOf(sizeOf(demand, scope)) ?? 0) : 0;
    return { rule: seat.rule, account: seat.account, tariff, boundMicro };
  }

  return {
    readyAt(demand, now) {
      const quoted = quote(demand, now);
      return quoted === undefined ? now : fits(quoted, now);
    },
    // Nobody waits in line for a period to end: whoever stands behind may have money.
    fitsEver(demand) {
      const now = clock();
      const quoted = quote(demand, now);
      return quoted === undefined || hasMoney(quoted, now);
    },
    reserve(demand, now) {
      const quoted = quote(demand, now);
      return quoted === undefined ? nothingHeld : hold(quoted, demand, scope);
    },
    refusal(demand, now) {
      const quoted = quote(demand, now);
      return quoted?.boundMicro === undefined
        ? new UnknownPriceError(group.path, demand.model, quoted?.rule.onExhausted ?? 'skip')
        : exceeded(group, quoted, quoted.boundMicro, { now, readyAt: fits(quoted, now) });
    },
    room(demand, now) {
      const quoted = quote(demand, now);
      return quoted === undefined ? Number.POSITIVE_INFINITY : roomFor(quoted, now);
    },
    claim(demand) {
      const now = clock();
      const quoted = quote(demand, now);
      if (quoted === undefined) return undefined;
      const tariffOf = () => quoted.tariff ?? scope.tariffFor(demand, clock());
      return claimOf(quoted, now, (usage) => costOf(usage, tariffOf()));
    },
  };
}

/** A call that bounds its reply nowhere may get the longest that the target writes. */
function sizeOf(demand: Demand, { maxOutputTokens }: BudgetScope): CallSize {
  if (!demand.isOutputGuessed || maxOutputTokens === undefined) return demand;
  return { inputTokens: demand.inputTokens, outputTokens: Math.max(demand.outputTokens, maxOutputTokens) };
}

function fits({ account, rule, boundMicro }: Quote, now: number): number {
  if (boundMicro === undefined) return Number.POSITIVE_INFINITY;
  return fitsAt({ account, amountMicro: rule.amountMicro }, boundMicro, now);
}

/** Would it fit when all calls under way cost nothing? */
function hasMoney({ account, rule, boundMicro }: Quote, now: number): boolean {
  if (boundMicro === undefined) return false;
  return boundMicro === 0 || account.spend.total(now) + boundMicro <= rule.amountMicro;
}

function hold(quoted: Quote, demand: Demand, { accounts, tariffFor }: BudgetScope): Reservation {
  const { account, rule, tariff, boundMicro = 0 } = quoted;
  const held = createPurse([{ account, amountMicro: rule.amountMicro }], accounts).reserve(boundMicro);
  return {
    settle(usage, now) {
      const known = tariff ?? tariffFor(demand, now);
      held.settle(usage === undefined ? boundMicro : costOf(usage, known), now);
    },
    refund: () => held.refund(),
  };
}

/** A request that a provider refused reports no tokens at all, and costs nothing even where requests have a price. */
function costOf(usage: Usage, tariff: Tariff | null | undefined): number {
  return usage.promptTokens + usage.completionTokens === 0 ? 0 : (tariff?.costOf(usage) ?? 0);
}

function roomFor({ account, rule, boundMicro }: Quote, now: number): number {
  if (boundMicro === undefined) return 0;
  const left = Math.max(0, rule.amountMicro - account.spend.total(now) - account.reserved);
  return boundMicro === 0 ? Number.POSITIVE_INFINITY : Math.floor(left / boundMicro);
}

function claimOf(
  { account, rule, boundMicro }: Quote,
  now: number,
  amountOf: (usage: Usage) => number,
): ReturnType<NonNullable<Limit['claim']>> {
  if (boundMicro === undefined || boundMicro === 0) return undefined;
  const { period, owner, spend } = account;
  const key = `budget ${owner} ${keyOf(period)}`;
  const claim = { amount: boundMicro, limit: rule.amountMicro, amountOf };
  if (period.reset === 'rolling') return { key, ...claim, windowMs: period.ms };
  const endsAt = spend.endsAt(now) ?? now;
  // The period's end names it.
  return { key: `${key} ${endsAt}`, ...claim, endsInMs: endsAt - now };
}
