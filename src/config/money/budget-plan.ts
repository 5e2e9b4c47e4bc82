import { ConfigError } from '../../core/errors/config-error.ts';
import { findProvider } from '../../providers/hosts/index.ts';
import type { BudgetGroup, BudgetRule } from '../../routing/state/budget/budget-group.ts';
import { toPeriod } from '../../routing/state/budget/period.ts';
import { placed } from './check-money.ts';
import type { BudgetConfig, OnExhausted } from './money-config.ts';

/** Budgets of one place, before a target is known: {@link BudgetGroup} without what reads a call. */
export interface BudgetPlan extends Omit<BudgetGroup, 'by'> {
  readonly by: string | undefined;
}

/** Where budgets stand. */
export interface BudgetPlace {
  readonly owner: () => string;
  /** `config.targets[0].budget` */
  readonly path: string;
  readonly onExhausted: OnExhausted | undefined;
  /** US dollars of one unit of each currency. */
  readonly currencyRates: Readonly<Record<string, number>>;
}

/** Checked budgets as plans, one for each `by`. Throws `ConfigError` for a currency without a rate and a provider nobody knows. */
export function budgetPlans(given: BudgetConfig | readonly BudgetConfig[], place: BudgetPlace): readonly BudgetPlan[] {
  const entries = placed(given, place.path).map(({ budget, path }) => ({
    budget,
    of: ownerValue(budget, path),
    rule: toRule(budget, { ...place, path }),
  }));
  // A call may have many tags: each is looked for by itself.
  const byKey = Map.groupBy(entries, ({ budget: { by }, of }) => (by === 'tag' ? `tag ${of}` : by));
  return [...byKey].map(([by, own]) => plan(by, own, place));
}

interface Entry {
  readonly of: string | undefined;
  readonly rule: BudgetRule;
}

function plan(by: string | undefined, entries: readonly Entry[], { owner, path }: BudgetPlace): BudgetPlan {
  const general = entries.filter(({ of }) => of === undefined).map(({ rule }) => rule);
  const own = new Map(
    [...Map.groupBy(entries, ({ of }) => of)].map(([of, some]) => [of ?? '', some.map(({ rule }) => rule)] as const),
  );
  own.delete('');
  const sizes = [general, ...own.values()].map((rules) => rules.length);
  return { owner, path, by, rulesOf: (value) => own.get(value) ?? general, size: Math.max(...sizes) };
}

function ownerValue({ by, of }: BudgetConfig, path: string): string | undefined {
  if (by !== 'provider' || of === undefined) return of;
  const provider = findProvider(of)?.name;
  if (provider === undefined) throw new ConfigError([{ path: `${path}.of`, message: `Unknown provider "${of}".` }]);
  return provider;
}

function toRule(budget: BudgetConfig, { path, onExhausted, currencyRates }: BudgetPlace): BudgetRule {
  const { amount, currency = 'USD', period, unpriced = 'refuse' } = budget;
  const rate = currency === 'USD' ? 1 : currencyRates[currency];
  if (rate === undefined) {
    const known = ['USD', ...Object.keys(currencyRates)].join(', ');
    const message = `No rate is known for "${currency}". Give the client "currencyRates": { "${currency}": US dollars of one }. Known: ${known}.`;
    throw new ConfigError([{ path: `${path}.currency`, message }]);
  }
  return {
    amountMicro: Math.round(amount * rate * 1e6),
    period: toPeriod(budget),
    periodText: period,
    unpriced,
    onExhausted: budget.on_exhausted ?? onExhausted ?? 'skip',
  };
}
