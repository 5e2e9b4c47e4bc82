import type * as z from 'zod/mini';
import { ConfigError } from '../../core/errors/config-error.ts';
import { isJsonObject } from '../../core/json.ts';
import type { PriceBook } from '../../core/pricing.ts';
import { readShape } from '../../core/read-shape.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { Pricing } from '../../observe/pricing/own-price.ts';
import { createPriceBook, importGenaiPrices } from '../../observe/pricing/price-book.ts';
import { findProvider, suggestProvider } from '../../providers/hosts/index.ts';
import { type Accounts, createAccounts } from '../../routing/state/budget/accounts.ts';
import { type KeptSpend, keepSpend } from '../../routing/state/budget/kept-spend.ts';
import { collectIssues, type Issues } from '../issues.ts';
import type { CanonicalOptions } from '../option-names.ts';
import { respellBudgets, respellPricing } from '../spelling.ts';
import type { KeyRules } from '../virtual-keys/key-rules.ts';
import { alertOnUsage, keyUsagePlans } from '../virtual-keys/key-usage.ts';
import { type BudgetPlan, budgetPlans } from './budget-plan.ts';
import { checkBudgets, checkPricing } from './check-money.ts';
import type { BudgetConfig, OnExhausted } from './money-config.ts';
import { budgetSchema, onExhaustedSchema, pricingSchema } from './money-schema.ts';
import { spendStore } from './spend-store.ts';

/** Prices and budgets of one client. */
export interface ClientMoney {
  readonly book: PriceBook;
  readonly accounts: Accounts;
  /** US dollars of one unit of each currency. */
  readonly currencyRates: Readonly<Record<string, number>>;
  /** Budgets that the client's options give, for all its configs. */
  readonly plans: readonly BudgetPlan[];
  /** What virtual keys may cost, as whoever keeps them says. */
  readonly keyPlans: readonly BudgetPlan[];
  /** Is the price list wanted before the first call, whatever the config? */
  readonly loadsFirst: boolean;
  /** What was spent before this client began, and is kept for the next; absent where it is forgotten with the process. */
  readonly kept: KeptSpend | undefined;
}

/** Budgets beside those that options and configs name, and where all of them are kept. */
export interface OwnBudgets {
  readonly accounts: Accounts;
  readonly plans: readonly BudgetPlan[];
  /** Accounts that whoever adds these budgets keeps by himself. */
  isOfKey(account: { readonly owner: string }): boolean;
}

/** What a client's money is made of, beside its options. */
export interface MoneyParts {
  readonly own?: OwnBudgets | undefined;
  readonly keyRules?: KeyRules | undefined;
}

/** A client's options about money, all checked, beside what whoever serves others adds. Throws `ConfigError`. */
export function clientMoney(
  client: CanonicalOptions,
  { events, clock }: Pick<Runtime, 'events' | 'clock'>,
  { own, keyRules }: MoneyParts,
): ClientMoney {
  const { prices = {}, priceList, currencyRates = {}, budgets, virtualKeys = {}, budgetStore } = client;
  const issues = collectIssues();
  const written = readPrices(prices, issues);
  const given = budgets === undefined ? [] : readBudgets(budgets, 'options.budgets', issues);
  const ofKeys = keyBudgets(virtualKeys, issues);
  if (issues.all.length > 0) throw new ConfigError(issues.all, 'Invalid options');
  const warn = (message: string) => events.emit('warning', { code: 'budget', message });
  const onForgotten = (owner: string) => warn(`Too many budgets at once: what ${owner} spent is forgotten.`);
  const accounts = own?.accounts ?? createAccounts({ onForgotten });
  if (keyRules !== undefined) alertOnUsage(keyRules, accounts, events);
  return {
    book: createPriceBook({ own: written, importList: priceList === false ? undefined : importGenaiPrices }, events),
    accounts,
    kept:
      budgetStore === undefined
        ? undefined
        : keepSpend(accounts, { store: spendStore(budgetStore), clock, warn, isKeptElsewhere: own?.isOfKey }),
    loadsFirst: priceList === 'genai-prices',
    currencyRates,
    keyPlans: keyRules === undefined ? [] : keyUsagePlans(keyRules),
    plans: [
      ...(own?.plans ?? []),
      ...budgetPlans(given, { owner: () => 'client', path: 'options.budgets', onExhausted: undefined, currencyRates }),
      ...budgetPlans(ofKeys, {
        owner: () => 'key',
        path: 'options.virtualKeys',
        onExhausted: undefined,
        currencyRates,
      }),
    ],
  };
}

/** Virtual keys without what is said of their budgets, for a vault to read. */
export function withoutBudgets<Fields extends object>(
  virtualKeys: Readonly<Record<string, Fields>>,
): Readonly<Record<string, Fields>> {
  if (!isJsonObject(virtualKeys)) return virtualKeys;
  return Object.fromEntries(
    Object.entries(virtualKeys).map(([slug, fields]) => [slug, isJsonObject(fields) ? stripped(fields) : fields]),
  ) as Readonly<Record<string, Fields>>;
}

function stripped({ budget: _, on_exhausted: __, onExhausted: ___, ...fields }: Readonly<Record<string, unknown>>) {
  return fields;
}

/** The budget of a virtual key is one by virtual key for this one. */
function keyBudgets(virtualKeys: Readonly<Record<string, unknown>>, issues: Issues): readonly BudgetConfig[] {
  return Object.entries(virtualKeys).flatMap(([slug, fields]) => {
    if (!isJsonObject(fields) || fields['budget'] === undefined) return [];
    const path = `options.virtualKeys[${JSON.stringify(slug)}]`;
    const onExhausted = fields['on_exhausted'] ?? fields['onExhausted'];
    if (onExhausted !== undefined && !readShape(onExhaustedSchema, onExhausted).success)
      issues.add(`${path}.on_exhausted`, 'Expected one of "skip"|"reject".');
    return readBudgets(fields['budget'], `${path}.budget`, issues).map((budget): BudgetConfig => {
      if (budget.by !== undefined)
        issues.add(`${path}.budget.by`, 'Has no effect here: this is the budget of one virtual key.');
      const own = budget.on_exhausted ?? (onExhausted as OnExhausted | undefined);
      return { ...budget, by: 'virtual_key', of: slug, ...(own === undefined ? {} : { on_exhausted: own }) };
    });
  });
}

function readBudgets(given: unknown, path: string, issues: Issues): readonly BudgetConfig[] {
  const spelled = respellBudgets(given, path, issues);
  const isList = Array.isArray(spelled);
  const budgets = (isList ? spelled : [spelled]).flatMap((each: unknown, index) => {
    const at = isList ? `${path}[${index}]` : path;
    return wellShaped<BudgetConfig>(budgetSchema, each, at, issues).map((budget) => ({ budget, path: at }));
  });
  checkBudgets(budgets, issues);
  return budgets.map(({ budget }) => budget);
}

/** The one value, or nothing where its shape is wrong. */
function wellShaped<Value>(schema: z.ZodMiniType, given: unknown, path: string, issues: Issues): readonly Value[] {
  const parsed = readShape(schema, given);
  if (parsed.success) return [parsed.data as Value];
  for (const { path: at, message } of parsed.error.issues)
    issues.add([path, ...at.map(String)].join('.'), `${message.replace(/^Invalid input: /, '')}.`);
  return [];
}

/** Prices by `provider/model`, under the providers' own names. */
function readPrices(given: Readonly<Record<string, unknown>>, issues: Issues): Readonly<Record<string, Pricing>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      const path = `options.prices[${JSON.stringify(name)}]`;
      const key = bookKey(name, path, issues);
      return wellShaped<Pricing>(pricingSchema, respellPricing(value, path, issues), path, issues).map((pricing) => {
        checkPricing(pricing, path, issues);
        return [key, pricing] as const;
      });
    }),
  );
}

function bookKey(name: string, path: string, issues: Issues): string {
  const [provider = '', ...model] = name.split('/');
  const known = findProvider(provider)?.name;
  if (model.length === 0) issues.add(path, 'Must be named "provider/model".');
  else if (known === undefined) {
    const meant = suggestProvider(provider);
    issues.add(path, `Unknown provider "${provider}".${meant === undefined ? '' : ` Did you mean "${meant}"?`}`);
  }
  return `${known ?? provider}/${model.join('/')}`;
}
