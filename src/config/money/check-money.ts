import { liteLlmNames, type PriceName, type Pricing, priceNames } from '../../observe/pricing/own-price.ts';
import { isCalendarUnit, keyOf, toPeriod } from '../../routing/state/budget/period.ts';
import type { Issues } from '../issues.ts';
import type { BudgetConfig, MoneyFields } from './money-config.ts';

/** Reports what a node's budgets and prices cannot mean. */
export function checkMoney({ budget, on_exhausted, pricing }: MoneyFields, path: string, issues: Issues): void {
  if (budget !== undefined) checkBudgets(placed(budget, `${path}.budget`), issues);
  else if (on_exhausted !== undefined)
    issues.add(`${path}.on_exhausted`, 'Has no effect without "budget". It says what happens when that is spent.');
  if (typeof pricing === 'object') checkPricing(pricing, `${path}.pricing`, issues);
}

/** A budget and its path. */
export interface PlacedBudget {
  readonly budget: BudgetConfig;
  readonly path: string;
}

/** One budget, or the list of them, each with its path. */
export function placed(given: BudgetConfig | readonly BudgetConfig[], path: string): readonly PlacedBudget[] {
  if (!isList(given)) return [{ budget: given, path }];
  return given.map((budget, index) => ({ budget, path: `${path}[${index}]` }));
}

/** `Array.isArray` does not tell a readonly list apart. */
function isList(given: BudgetConfig | readonly BudgetConfig[]): given is readonly BudgetConfig[] {
  return Array.isArray(given);
}

/** Reports what the budgets of one place cannot mean. */
export function checkBudgets(budgets: readonly PlacedBudget[], issues: Issues): void {
  const seen = new Set<string>();
  for (const { budget, path } of budgets) {
    checkBudget(budget, path, issues);
    const key = JSON.stringify([budget.by, budget.of, keyOf(toPeriod(budget))]);
    if (seen.has(key)) issues.add(path, 'Stands twice in the list, for the same period. Keep one.');
    seen.add(key);
  }
}

function checkBudget({ period, reset, timezone, by, of }: BudgetConfig, path: string, issues: Issues): void {
  const isCalendar = isCalendarUnit(period);
  if (reset === 'calendar' && !isCalendar)
    issues.add(
      `${path}.reset`,
      `"calendar" needs a period of the calendar: "day", "week", "month" or "year", not "${period}".`,
    );
  if (timezone !== undefined && (reset ?? (isCalendar ? 'calendar' : 'rolling')) === 'rolling')
    issues.add(`${path}.timezone`, 'Has no effect on a rolling period, which begins at no time of day.');
  if (of === undefined && by === 'tag')
    issues.add(`${path}.by`, '"tag" needs "of", the tag: a call may have many, and each has a budget of its own.');
  if (of !== undefined && by === undefined)
    issues.add(`${path}.of`, 'Needs "by", which says what the value is one of: "provider", "metadata.team", …');
}

/** Reports what a price cannot mean. */
export function checkPricing(pricing: Pricing, path: string, issues: Issues): void {
  const given = priceNames.filter((name) => pricing[name] !== undefined || pricing[liteLlmNames[name]] !== undefined);
  if (!given.some((name) => whole.includes(name)))
    issues.add(path, 'Says no price. Give "input" and "output" in US dollars per million tokens; 0 where it is free.');
  for (const name of given) {
    if (pricing[name] === undefined || pricing[liteLlmNames[name]] === undefined) continue;
    issues.add(`${path}.${liteLlmNames[name]}`, `Given together with "${name}", which says the same. Keep one.`);
  }
}

const whole: readonly PriceName[] = ['input', 'output', 'request'];
