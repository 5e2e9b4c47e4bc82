import type { EventSink } from '../../core/events.ts';
import type { KeyTerms, KeyUsage } from '../../core/key-terms.ts';
import type { Accounts, Charge } from '../../routing/state/budget/accounts.ts';
import type { BudgetRule } from '../../routing/state/budget/budget-group.ts';
import { amountText } from '../../routing/state/budget/budget-words.ts';
import { type BudgetPeriod, longestPeriodMs } from '../../routing/state/budget/period.ts';
import type { BudgetPlan } from '../money/budget-plan.ts';
import type { KeyRules } from './key-rules.ts';

const by = 'virtual_key';
const owners = { cost: 'virtual key', tokens: 'virtual key tokens' } as const;

/** The `usage_limits` of virtual keys as budgets of every target, live: one of money, one of tokens. */
export function keyUsagePlans(rules: KeyRules): readonly BudgetPlan[] {
  return (['cost', 'tokens'] as const).map((of) => ({
    owner: () => owners[of],
    path: 'usage_limits',
    by,
    rulesOf: (slug) => {
      const usage = rules.of(slug)?.usage;
      return usage?.of === of ? ruleOf(usage) : [];
    },
    isLive: true,
    size: 1,
    ...(of === 'tokens' ? { unit: of } : {}),
  }));
}

const rulesByUsage = new WeakMap<KeyUsage, readonly BudgetRule[]>();

function ruleOf(usage: KeyUsage): readonly BudgetRule[] {
  const known = rulesByUsage.get(usage);
  if (known !== undefined) return known;
  const { of, amount, reset } = usage;
  const made: readonly BudgetRule[] = [
    {
      amountMicro: toWhole(of, amount),
      period: periodOf(reset),
      periodText: reset === undefined ? 'all time' : periods[reset],
      unpriced: 'refuse',
      onExhausted: 'skip',
    },
  ];
  rulesByUsage.set(usage, made);
  return made;
}

const periods = { weekly: 'week', monthly: 'month' } as const;

/** Ten years stand for all time. */
function periodOf(reset: KeyUsage['reset']): BudgetPeriod {
  if (reset === undefined) return { reset: 'rolling', ms: longestPeriodMs };
  return { reset: 'calendar', unit: periods[reset], timeZone: 'UTC' };
}

/** Money in micro-dollars. */
function toWhole(of: KeyUsage['of'], amount: number): number {
  return of === 'tokens' ? amount : Math.round(amount * 1e6);
}

/** Tells in a `warning` event when what was spent with a key in a period passes its `alert_threshold`: once, by whoever passes it. */
export function alertOnUsage(rules: KeyRules, accounts: Accounts, events: EventSink): () => void {
  return accounts.onCharge((charge) => {
    const [of, slug] = keyOf(charge);
    const usage: KeyTerms['usage'] = slug === '' ? undefined : rules.of(slug)?.usage;
    if (usage?.alertAt === undefined || usage.of !== of) return;
    const at = toWhole(of, usage.alertAt);
    const spent = accounts.passing(charge.owner, charge.period, charge.at).spend.total(charge.at);
    if (spent < at || spent - charge.micro >= at) return;
    const text = (micro: number) => amountText(micro, of === 'tokens' ? of : undefined);
    const period = usage.reset === undefined ? '' : ` per ${periods[usage.reset]}`;
    const message = `Virtual key "${slug}" has used ${text(spent)} of the ${text(toWhole(of, usage.amount))}${period} that it may: its alert_threshold is ${text(at)}.`;
    events.emit('warning', { code: 'budget', message });
  });
}

/** Whose charge it is; the slug is empty for any other. */
function keyOf({ owner }: Charge): readonly [of: KeyUsage['of'], slug: string] {
  for (const kind of ['cost', 'tokens'] as const) {
    const prefix = `${owners[kind]} ${by}=`;
    if (owner.startsWith(prefix)) return [kind, owner.slice(prefix.length)];
  }
  return ['cost', ''];
}
