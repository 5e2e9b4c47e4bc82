import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { readTokenizer } from '../../src/config/tokenizer.ts';
import { ConfigError, Portkey, type PortkeyOptions } from '../../src/index.ts';
import { hello } from '../support/simulated.ts';

const target = { provider: 'openai', api_key: 'k' };
const balance = (node: object) => ({ strategy: { mode: 'loadbalance' }, targets: [target, target], ...node });

function issuesOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

it.each<[string, object]>([
  ['one budget', { budget: { amount: 1, period: 'month' } }],
  [
    'several, in camelCase',
    {
      budget: [
        { amount: 1, period: 'day', timezone: 'Asia/Tokyo', onExhausted: 'reject' },
        { amount: 5, period: 'week' },
      ],
      onExhausted: 'skip',
    },
  ],
  [
    'the same period for different values',
    {
      budget: [
        { amount: 1, period: 'day', by: 'metadata.a' },
        { amount: 2, period: 'day', by: 'metadata.a', of: 'x' },
      ],
    },
  ],
  [
    'a calendar month and thirty days',
    {
      budget: [
        { amount: 1, period: 'month' },
        { amount: 1, period: 'month', reset: 'rolling' },
      ],
    },
  ],
  ['prices by the million', { pricing: { input: 1, output: 2, cachedInput: 0.5, request: 0 } }],
  ['prices by the token', { pricing: { input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 } }],
  ['the name of a model', { pricing: 'azure/gpt-4o' }],
  ['what is free', { pricing: { input: 0, output: 0 } }],
  ['sizes', { max_input_tokens: 4096, maxOutputTokens: 1024 }],
  ['labels', { tags: ['a'], tag_match: 'all', region: 'eu' }],
  [
    'a backoff and a budget of retries',
    {
      retry: {
        attempts: 2,
        backoff: { initial: 10, factor: 1, max: 10, jitter: 0 },
        budget: { ratio: 0.1, minPerSecond: 1 },
      },
    },
  ],
])('accepts %s', (_, fields) => {
  expect(issuesOf(() => parseConfig({ ...target, ...fields }))).toEqual([]);
});

it.each<[string, object, readonly string[]]>([
  [
    'a budget that is none',
    { ...target, budget: 5 },
    ['$.budget: Expected a budget such as { "amount": 10, "period": "month" }, or a list of them, received 5.'],
  ],
  ['an empty list of budgets', { ...target, budget: [] }, ['$.budget: ']],
  ['a budget without an amount', { ...target, budget: { period: 'day' } }, ['$.budget.amount: Expected number']],
  ['a budget without a period', { ...target, budget: [{ amount: 1 }] }, ['$.budget[0].period: Expected string']],
  [
    'an unknown period',
    { ...target, budget: { amount: 1, period: 'daily' } },
    ['$.budget.period: Must be "day", "week", "month", "year", or a length such as "1h" or "30d", received "daily".'],
  ],
  [
    'a calendar of lengths',
    { ...target, budget: { amount: 1, period: '30d', reset: 'calendar' } },
    ['$.budget.reset: "calendar" needs a period of the calendar'],
  ],
  [
    'a time zone nobody knows',
    { ...target, budget: { amount: 1, period: 'day', timezone: 'Mars' } },
    ['$.budget.timezone: Must be the IANA name'],
  ],
  [
    'a time zone for a rolling period',
    { ...target, budget: { amount: 1, period: '1h', timezone: 'UTC' } },
    ['$.budget.timezone: Has no effect on a rolling period'],
  ],
  [
    'a value without what it is one of',
    { ...target, budget: { amount: 1, period: 'day', of: 'x' } },
    ['$.budget.of: Needs "by"'],
  ],
  [
    'a budget by nothing that is there',
    { ...target, budget: { amount: 1, period: 'day', by: 'user' } },
    ['$.budget.by: Must be "provider", "virtual_key", "model", "tag", or "metadata." and a key'],
  ],
  [
    'the same period twice',
    {
      ...target,
      budget: [
        { amount: 1, period: '30d' },
        { amount: 1, period: '1mo' },
      ],
    },
    ['$.budget[1]: Stands twice in the list'],
  ],
  [
    'on_exhausted without a budget',
    { ...target, on_exhausted: 'skip' },
    ['$.on_exhausted: Has no effect without "budget".'],
  ],
  ['a price that is none', { ...target, pricing: 5 }, ['$.pricing: Expected prices such as']],
  [
    'a price given twice',
    { ...target, pricing: { output: 1, output_cost_per_token: 1e-6 } },
    ['$.pricing.output_cost_per_token: Given together with "output"'],
  ],
  ['a price that says nothing', { ...target, pricing: { cached_input: 1 } }, ['$.pricing: Says no price.']],
  [
    'a price in a unit nobody reckons',
    { ...target, pricing: { input: 1, input_cost_per_second: 1 } },
    ['$.pricing.input_cost_per_second: Unknown key "input_cost_per_second" of "pricing".'],
  ],
  ['prices of a node', balance({ pricing: { input: 1 } }), ['$.pricing: Has no effect on a node with "targets".']],
  [
    'sizes of a node',
    balance({ max_input_tokens: 1 }),
    ['$.max_input_tokens: Has no effect on a node with "targets".'],
  ],
  [
    'a deadline shared with nobody',
    balance({ strategy: { mode: 'loadbalance', share_deadline: true } }),
    ['$.strategy.share_deadline: Has no effect where no other target is tried'],
  ],
  [
    'a jitter beyond the wait',
    { ...target, retry: { attempts: 1, backoff: { jitter: 2 } } },
    ['$.retry.backoff.jitter: '],
  ],
  [
    'an unknown key of a backoff',
    { ...target, retry: { attempts: 1, backoff: { intial: 1 } } },
    ['$.retry.backoff.intial: Unknown key "intial" of "retry.backoff". Did you mean "initial"?'],
  ],
])('refuses %s', (_, config, expected) => {
  const issues = issuesOf(() => parseConfig(config));
  expect(issues.map((issue, index) => issue.slice(0, expected[index]?.length))).toEqual(expected);
});

it.each<[string, PortkeyOptions, string]>([
  [
    'a currency without a rate',
    { config: { ...target, budget: [{ amount: 1, currency: 'EUR', period: 'day' }] } },
    'config.budget[0].currency: No rate is known for "EUR". Give the client "currencyRates": { "EUR": US dollars of one }. Known: USD.',
  ],
  [
    'a budget of a provider nobody knows',
    { config: target, budgets: { amount: 1, period: 'day', by: 'provider', of: 'opnai' } },
    'options.budgets[0].of: Unknown provider "opnai".',
  ],
  ['an unknown tokenizer', { config: target, tokenizer: 'tiktoken' as never }, 'options.tokenizer: '],
])('a client refuses %s', (_, options, expected) => {
  const [issue, ...others] = issuesOf(() => new Portkey({ environment: {}, ...options }));
  expect(issue?.slice(0, expected.length)).toBe(expected);
  expect(others).toEqual([]);
});

it('says what to install when the tokenizer asked for is not there, at every call, until it is', async () => {
  let isInstalled = false;
  const tokenizer = readTokenizer('gpt-tokenizer', async () => {
    if (!isInstalled) throw new Error("Cannot find package 'gpt-tokenizer'");
    return { countTokens: (text) => text.length };
  });
  for (let i = 0; i < 2; i++) {
    await expect(tokenizer?.ready()).rejects.toThrow(
      'options.tokenizer: "gpt-tokenizer" needs the package of that name. Install it (npm install gpt-tokenizer), or use "approximate". (Cannot find package \'gpt-tokenizer\')',
    );
  }
  isInstalled = true;
  await tokenizer?.ready();
  expect(tokenizer?.ready()).toBeUndefined();
  expect(tokenizer?.count('four', 'm')).toBe(4);
});

it('refuses a tokenizer of the user that does not count, naming it', async () => {
  const portkey = new Portkey({
    environment: {},
    config: { ...target, max_input_tokens: 10 },
    tokenizer: () => Number.NaN,
    fetch: () => Promise.reject(new Error('no network in this test')),
  });
  await expect(portkey.chat.completions.create(hello)).rejects.toThrow(
    'options.tokenizer: The function returned NaN. It must return the number of tokens of the text.',
  );
});
