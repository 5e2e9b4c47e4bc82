import type { Config } from '../../src/config/config.ts';
import type { RateLimit } from '../../src/config/limits/limit-config.ts';

/** What a world has beside trees, retries and cooldowns. */
export interface Flavour {
  /** Rate limits, quota groups, queues. */
  readonly limits: boolean;
  /** Prices and budgets. */
  readonly money: boolean;
  /** Several keys for one target. */
  readonly keys: boolean;
  readonly caches: boolean;
}

/** A limit that refuses: so much within any window of that length. */
export interface MeterFact {
  readonly key: string;
  readonly of: 'requests' | 'tokens' | 'input_tokens' | 'output_tokens';
  readonly limit: number;
  readonly windowMs: number;
}

/** Money that may be spent within a period: the last so many milliseconds, or a day of the calendar. */
export interface AccountFact {
  readonly key: string;
  readonly micro: number;
  readonly periodMs: number;
  readonly isCalendar: boolean;
}

/** What holds for a target, wherever it stands. */
export interface TargetFacts {
  /** As its config says it. */
  readonly fields: Config;
  readonly provider: string;
  readonly maxConcurrency: number | undefined;
  readonly meters: readonly MeterFact[];
  readonly accounts: readonly AccountFact[];
  readonly group: string | undefined;
  /** Of each of its keys, where it has several. */
  readonly keys: readonly TargetFacts[] | undefined;
}

/** What every request asks for at most, and what every prompt is said to have taken. */
export const mostTokens = 10;
const promptTokens = 3;

const price = { input: 2, output: 4 };

/** Tokens of the reply to a question. */
export function usageOf(question: string): { readonly prompt: number; readonly completion: number } {
  let sum = 0;
  for (let at = 0; at < question.length; at++) sum += question.charCodeAt(at) * (at + 1);
  return { prompt: promptTokens, completion: 1 + (sum % mostTokens) };
}

/** Micro-dollars of so many tokens. */
export function costMicro(prompt: number, completion: number): number {
  return prompt * price.input + completion * price.output;
}

/** How much of a quantity a whole reply takes. */
export function amountOf(of: MeterFact['of'], question: string): number {
  const { prompt, completion } = usageOf(question);
  return { requests: 1, tokens: prompt + completion, input_tokens: prompt, output_tokens: completion }[of];
}

const providers = ['openai', 'groq', 'deepseek'] as const;

/** The facts of the targets `t0` to `t299`: the same for the same name in the same flavour. */
export function targetFacts(flavour: Flavour): (id: string) => TargetFacts {
  const known = new Map<string, TargetFacts>();
  return (id) => {
    const facts = known.get(id) ?? draw(id, flavour);
    known.set(id, facts);
    return facts;
  };
}

/** Virtual keys of a client, by slug, some with a budget. */
export function virtualKeys({ keys, money }: Flavour): Record<string, { provider: string; api_key: string }> {
  if (!keys) return {};
  const numbers = Array.from({ length: 300 }, (_, number) => number).filter(hasVirtualKey);
  return Object.fromEntries(
    numbers.map((number) => {
      const { budget } = money && number % 2 === 0 ? keyBudget(`t${number}`) : { budget: undefined };
      const fields = { provider: providers[number % 3] as string, api_key: `secret-of-t${number}` };
      return [`vk-t${number}`, { ...fields, ...(budget === undefined ? {} : { budget }) }];
    }),
  );
}

function draw(id: string, flavour: Flavour): TargetFacts {
  const number = Number(id.slice(1));
  const provider = providers[number % 3] as string;
  if (flavour.keys && number % 19 === 4) return withKeys(id, number, provider, flavour);
  const group = flavour.limits && number % 11 === 2 ? `g${number % 3}` : undefined;
  const rates = flavour.limits ? ratesOf(number, group) : [];
  const maxConcurrency = number % 7 === 0 ? 1 + (number % 4) : undefined;
  const byKey = flavour.keys && hasVirtualKey(number);
  const { accounts, budget } = moneyOf(id, number, byKey, flavour);
  const credentials = byKey ? { virtual_key: `vk-${id}` } : { provider, api_key: `secret-of-${id}` };
  const fields = defined<Config>({
    id,
    ...credentials,
    custom_host: `http://${id}/v1`,
    pricing: flavour.money ? price : undefined,
    rate_limit: rates.length === 0 ? undefined : rates,
    quota_group: group,
    max_concurrency: maxConcurrency,
    budget,
  });
  const meters = metersOf(group === undefined ? `target ${id}` : `group ${group}`, rates);
  return { fields, provider, maxConcurrency, meters, accounts, group, keys: undefined };
}

/** A target's own budget and its virtual key's. */
function moneyOf(id: string, number: number, byKey: boolean, { money }: Flavour) {
  const own = money && number % 13 < 3 ? [budgetOf(`target ${id}`, number)] : [];
  const ofKey = byKey && money && number % 2 === 0 ? [keyBudget(id).account] : [];
  return { accounts: [...own, ...ofKey], budget: own.length === 0 ? undefined : own.map(toBudget) };
}

/** Without the fields that are undefined. */
function defined<Shape>(fields: { readonly [Key in keyof Shape]: Shape[Key] | undefined }): Shape {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Shape;
}

function hasVirtualKey(number: number): boolean {
  return number % 17 === 3 && number % 19 !== 4;
}

function keyBudget(id: string) {
  const account: AccountFact = { key: `key ${id}`, micro: 700, periodMs: 20_000, isCalendar: false };
  return { account, budget: toBudget(account) };
}

/** Several keys: limits beside them hold for all together, each has some of its own. */
function withKeys(id: string, number: number, provider: string, flavour: Flavour): TargetFacts {
  const rates: RateLimit[] = flavour.limits ? [{ requests: 5 + (number % 7), per: '1s' }] : [];
  const accounts = flavour.money ? [budgetOf(`node ${id}`, number)] : [];
  const own: readonly (readonly [RateLimit[], number | undefined])[] = [
    [[], undefined],
    [[], 1 + (number % 2)],
    [flavour.limits ? [{ requests: 1 + (number % 3), per: '500ms' }] : [], undefined],
  ];
  const keys = own.slice(0, 1 + (number % 3)).map(([limits, maxConcurrency], index): TargetFacts => {
    const key = `${id}k${index}`;
    const fields = { id: key, key: `secret-of-${key}` };
    return {
      fields: {
        ...fields,
        ...(limits.length === 0 ? {} : { rate_limit: limits }),
        ...(maxConcurrency === undefined ? {} : { max_concurrency: maxConcurrency }),
      } as Config,
      provider,
      maxConcurrency,
      meters: metersOf(`target ${key}`, limits),
      accounts: [],
      group: undefined,
      keys: undefined,
    };
  });
  const fields: Config = {
    id,
    provider,
    custom_host: `http://${id}/v1`,
    api_keys: keys.map((key) => key.fields as NonNullable<Config['api_keys']>[number]),
    ...(flavour.money ? { pricing: price } : {}),
    ...(rates.length === 0 ? {} : { rate_limit: rates }),
    ...(accounts.length === 0 ? {} : { budget: accounts.map(toBudget) }),
  };
  const meters = metersOf(`node ${id}`, rates);
  return { fields, provider, maxConcurrency: undefined, meters, accounts, group: undefined, keys };
}

const pers = ['500ms', '1s', '5s'] as const;
const perMs = { '500ms': 500, '1s': 1000, '5s': 5000 } as const;

/** A group's limits are the same wherever it is named. */
function ratesOf(number: number, group: string | undefined): RateLimit[] {
  if (group !== undefined) return [{ requests: 2 + Number(group.slice(1)) * 3, per: '1s' }];
  const per = pers[number % 3] as string;
  switch (number % 15) {
    case 0:
      return [{ requests: 1 + (number % 8), per }];
    case 5:
      return [{ requests: 1 + (number % 4), per, mode: 'queue' }];
    case 10:
      return [{ tokens: 60 + number, per }];
    case 3:
      return [{ requests: 1 + (number % 5), per, mode: 'steer' }];
    case 6:
      return [
        { requests: 3, per: '1s', safety_margin: 0.05 },
        { output_tokens: 20 + (number % 40), per: '1s', mode: 'queue' },
      ];
    case 12:
      return [{ input_tokens: 25 + (number % 50), per }];
    default:
      return [];
  }
}

/** Limits that refuse, as they are to be kept. */
export function metersOf(owner: string, rates: readonly RateLimit[]): readonly MeterFact[] {
  return rates.flatMap(({ mode, per, safety_margin = 0, ...given }) => {
    const of = (['requests', 'tokens', 'input_tokens', 'output_tokens'] as const).find((name) => given[name]);
    const length = perMs[per as keyof typeof perMs];
    if (of === undefined || mode === 'steer') return [];
    return [{ key: `${owner} ${of} ${per}`, of, limit: given[of] ?? 0, windowMs: length * (1 + safety_margin) }];
  });
}

/** A budget of its own for each owner. */
export function budgetOf(key: string, number: number): AccountFact {
  const isCalendar = number % 2 === 0;
  const periodMs = isCalendar ? 86_400_000 : 5_000 + (number % 4) * 10_000;
  return { key, micro: 40 + (number % 9) * 150, periodMs, isCalendar };
}

/** As a config says it. */
export function toBudget({ micro, periodMs, isCalendar }: AccountFact) {
  return { amount: micro / 1e6, period: isCalendar ? 'day' : `${periodMs / 1000}s` };
}
