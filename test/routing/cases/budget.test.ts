import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { Credentials } from '../../../src/core/credentials.ts';
import { fleet, settle, target } from '../../support/fleet.ts';
import { asking, day, dime, replyUsing } from '../../support/priced.ts';

const free = { input: 0, output: 0 };
const start = 1_000_000;
const february = 31 * day - start;

const primaryAndBackup = (budget: Config['budget'], more: Partial<Config> = {}): Config => ({
  strategy: { mode: 'fallback' },
  targets: [
    target('a', { pricing: dime, ...(budget === undefined ? {} : { budget }), ...more }),
    target('b', { pricing: free }),
  ],
});

const count = (answers: readonly unknown[], name: string) => answers.filter((answer) => answer === name).length;

it('lets 2 of 10 concurrent calls of at most 0.20 into what 0.50 of 1.00 leaves; the primary again at rollover', async () => {
  const { ask, answers, clock, of, log } = fleet(primaryAndBackup({ amount: 1, period: 'month' }));
  answers.a = replyUsing(5000);
  expect(await ask({}, {}, asking(5000))).toBe('a');
  expect(of('a')?.budgets).toEqual([
    {
      path: 'config.targets[0].budget',
      period: 'month',
      amountUsd: 1,
      spentUsd: 0.5,
      reservedUsd: 0,
      resetsAt: 31 * day,
    },
  ]);

  answers.a = { ...replyUsing(2000), afterMs: 1000 };
  const calls = Array.from({ length: 10 }, () => ask({}, {}, asking(2000)));
  await settle();
  expect(of('a')?.budgets?.[0]).toMatchObject({ spentUsd: 0.5, reservedUsd: 0.4 });
  clock.advance(1000);
  const given = await Promise.all(calls);
  expect([count(given, 'a'), count(given, 'b')]).toEqual([2, 8]);
  expect(of('a')?.budgets?.[0]).toMatchObject({ spentUsd: 0.9, reservedUsd: 0 });

  answers.a = replyUsing(2000);
  expect(await ask({}, {}, asking(2000))).toBe('b');
  expect(await ask({}, {}, asking(1000))).toBe('a');
  clock.advance(february - 1001);
  expect(await ask({}, {}, asking(2000))).toBe('b');
  clock.advance(1);
  expect(await ask({}, {}, asking(2000))).toBe('a');
  expect(log.filter((name) => name === 'a')).toHaveLength(5);
  expect(of('a')?.budgets?.[0]).toMatchObject({ spentUsd: 0.2, reservedUsd: 0, resetsAt: 59 * day });
});

it('holds for 100 calls at once, and gives back what a call did not use', async () => {
  const { ask, answers, clock, of } = fleet(primaryAndBackup({ amount: 1, period: 'day' }));
  answers.a = { ...replyUsing(100), afterMs: 10 };
  const calls = Array.from({ length: 100 }, () => ask({}, {}, asking(1000)));
  await settle();
  expect(of('a')?.budgets?.[0]).toMatchObject({ spentUsd: 0, reservedUsd: 1 });
  clock.advance(10);
  const given = await Promise.all(calls);
  expect([count(given, 'a'), count(given, 'b')]).toEqual([10, 90]);
  expect(of('a')?.budgets?.[0]).toMatchObject({ spentUsd: 0.1, reservedUsd: 0 });
});

describe('a budget that is spent', () => {
  it('is an error of its own where nothing is left to ask: 429, with the time until it begins anew', async () => {
    const { ask, answers, portkey, log } = fleet(
      target('a', { pricing: dime, budget: { amount: 0.1, period: 'day' } }),
    );
    answers.a = replyUsing(600);
    await ask({}, {}, asking(1000));
    const error = await portkey.chat.completions
      .create({ model: 'm', messages: [], max_tokens: 500 })
      .catch((thrown) => thrown);
    expect(error).toMatchObject({
      name: 'BudgetExceededError',
      status: 429,
      kind: 'budget',
      code: 'budget_exceeded',
      type: 'budget_exceeded',
      message:
        '429 The budget of 0.1 USD per day at config.budget has no room: 0.06 USD spent, 0 USD put aside for calls under way, and this call may cost up to 0.05 USD. It begins anew at 1970-01-02T00:00:00.000Z. Nothing was sent.',
      retryAfterMs: day - start,
      headers: { 'retry-after': String((day - start) / 1000) },
      target: { path: 'config', targetId: 'a' },
      attempts: [{ outcome: 'success' }].slice(1),
    });
    expect(log).toEqual(['a']);
  });

  it('does not hold out a time to come for a call that costs more than all of it', async () => {
    const { portkey, log } = fleet(target('a', { pricing: dime, budget: { amount: 0.1, period: 'day' } }));
    const error = await portkey.chat.completions
      .create({ model: 'm', messages: [], max_tokens: 1001 })
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'BudgetExceededError', headers: {}, retryAfterMs: Number.POSITIVE_INFINITY });
    expect(error.message).toContain('may cost up to 0.1001 USD. Set max_tokens, or raise the amount: it never fits.');
    expect(log).toEqual([]);
  });

  it('is passed over whatever the lists of a fallback say, and follows an edge of its own', async () => {
    const budget = { amount: 0, period: 'day' };
    const { ask, log } = fleet({
      strategy: { mode: 'fallback', on_status_codes: [503] },
      targets: [
        target('a', { pricing: dime, budget }),
        target('b', { pricing: free, on_errors: ['rate_limit'] }),
        target('c', { pricing: free, on_errors: ['budget'] }),
      ],
    });
    expect(await ask()).toBe('c');
    expect(log).toEqual(['c']);
  });

  it('ends the request where it says reject', async () => {
    const { ask, log } = fleet({
      strategy: { mode: 'fallback' },
      targets: [
        {
          strategy: { mode: 'loadbalance', failover: true },
          targets: [target('a', { pricing: dime, budget: { amount: 0, period: 'day' }, on_exhausted: 'reject' })],
        },
        target('b', { pricing: free }),
      ],
    });
    expect(await ask()).toMatchObject({ name: 'BudgetExceededError', status: 429 });
    expect(log).toEqual([]);
  });

  it('is not waited for in a queue, so that nobody behind has to wait', async () => {
    const { ask } = fleet({
      ...target('a', { pricing: dime, budget: { by: 'metadata.team', amount: 0.1, period: 'day' } }),
      queue: { max_wait: 30 },
    });
    const poor = { metadata: { team: 'poor' } };
    const first = await ask(poor, {}, asking(1000));
    expect(first).toBe('a');
    const refused = ask(poor, {}, asking(1000));
    const rich = ask({ metadata: { team: 'rich' } }, {}, asking(1000));
    expect(await refused).toMatchObject({ name: 'BudgetExceededError' });
    expect(await rich).toBe('a');
  });

  it('leaves a loadbalance to the targets that have money', async () => {
    const { ask, answers, log } = fleet({
      strategy: { mode: 'loadbalance' },
      targets: [target('a', { pricing: dime, budget: { amount: 0.1, period: 'day' } }), target('b', { pricing: dime })],
    });
    answers.a = replyUsing(1000);
    for (let i = 0; i < 20; i++) expect(await ask({}, {}, asking(1000))).toMatch(/^[ab]$/);
    expect(count(log, 'a')).toBe(1);
    expect(count(log, 'b')).toBe(19);
  });

  it('does not cool the target, and is not tried again', async () => {
    const { ask, of, portkey } = fleet({
      ...target('a', { pricing: dime, budget: { amount: 0, period: 'day' } }),
      cooldown: { allowed_fails: 0, exempt_single: false },
      retry: { attempts: 5 },
    });
    const retries: unknown[] = [];
    portkey.on('retry', (event) => retries.push(event));
    expect(await ask()).toMatchObject({ name: 'BudgetExceededError' });
    expect(of('a')).toMatchObject({ health: 'ready', fails: 0 });
    expect(retries).toEqual([]);
  });
});

describe('what is charged', () => {
  const budget = { amount: 10, period: 'day' };
  const spent = (snapshot: ReturnType<ReturnType<typeof fleet>['of']>) => snapshot?.budgets?.[0];

  it.each([
    ['nothing, for a provider that refuses', { status: 500 }, 0],
    ['nothing, for one that asks to wait', { status: 429, headers: { 'retry-after': '1' } }, 0],
    ['what was used', replyUsing(123), 0.0123],
    [
      'an estimate, where the provider does not say',
      { status: 200, body: { ...replyUsing(1).body, usage: undefined } },
      0.0006,
    ],
    ['all that was put aside, for a reply that cannot be read', { status: 200, body: 'no reply' }, 0.1],
  ])('%s', async (_, answer, usd) => {
    const { ask, answers, of } = fleet(target('a', { pricing: dime, budget }));
    answers.a = answer;
    await ask({}, {}, asking(1000));
    expect(spent(of('a'))).toMatchObject({ spentUsd: usd, reservedUsd: 0 });
  });

  it('all that was put aside, for a call that timed out: the provider was at work', async () => {
    const { ask, answers, of, clock } = fleet(target('a', { pricing: dime, budget }));
    answers.a = 'silent';
    const call = ask({}, { timeout: 50 }, asking(1000));
    await settle();
    clock.advance(50);
    expect(await call).toMatchObject({ name: 'APIConnectionTimeoutError' });
    expect(spent(of('a'))).toMatchObject({ spentUsd: 0.1, reservedUsd: 0 });
  });

  it('what a stream brought until its reader left, estimated; the money is held until then', async () => {
    const { stream, answers, of } = fleet(
      target('a', { pricing: { input: 0, output: 1_000_000 }, budget: { amount: 5000, period: 'day' } }),
    );
    answers.a = 'stream';
    const open = await stream();
    expect(spent(of('a'))).toMatchObject({ spentUsd: 0, reservedUsd: 1024 });
    for await (const _ of open) break;
    await settle();
    expect(spent(of('a'))).toMatchObject({ spentUsd: 1, reservedUsd: 0 });
  });

  it('what was used beyond what was put aside, and then nothing fits', async () => {
    const { ask, answers, of } = fleet(target('a', { pricing: dime, budget: { amount: 0.2, period: 'day' } }));
    answers.a = replyUsing(9000);
    expect(await ask({}, {}, asking(1000))).toBe('a');
    expect(spent(of('a'))).toMatchObject({ spentUsd: 0.9 });
    expect(await ask({}, {}, asking(1))).toMatchObject({ name: 'BudgetExceededError' });
  });
});

describe('whose money it is', () => {
  it('a target keeps what it spent when the config is edited, and when the amount is', async () => {
    const { ask, answers, of } = fleet(target('a', { pricing: dime, budget: { amount: 0.1, period: 'month' } }));
    answers.a = replyUsing(1000);
    expect(await ask({}, {}, asking(1000))).toBe('a');
    const edited = {
      strategy: { mode: 'fallback' as const },
      targets: [
        target('a', { pricing: dime, budget: { amount: 0.3, period: 'month' } }),
        target('b', { pricing: free }),
      ],
    };
    expect(await ask({ config: edited }, {}, asking(1000))).toBe('a');
    expect(await ask({}, {}, asking(1000))).toMatchObject({ name: 'BudgetExceededError' });
    expect(await ask({ config: edited }, {}, asking(1000))).toBe('a');
    expect(await ask({ config: edited }, {}, asking(1000))).toBe('b');
    expect(of('a')?.budgets?.map(({ path, amountUsd, spentUsd }) => [path, amountUsd, spentUsd])).toEqual([
      ['config.budget', 0.1, 0.3],
      ['config.targets[0].budget', 0.3, 0.3],
    ]);
  });

  it('a node pays for all targets below it, once', async () => {
    const { ask, answers, of, log } = fleet({
      strategy: { mode: 'fallback' },
      targets: [
        {
          strategy: { mode: 'loadbalance', algorithm: 'round_robin' },
          budget: [{ amount: 0.3, period: 'day' }],
          targets: [target('a', { pricing: dime }), target('b', { pricing: dime })],
        },
        target('c', { pricing: free }),
      ],
    });
    answers.a = replyUsing(1000);
    answers.b = replyUsing(1000, 'b');
    for (let i = 0; i < 5; i++) await ask({}, {}, asking(1000));
    expect([count(log, 'a') + count(log, 'b'), count(log, 'c')]).toEqual([3, 2]);
    for (const name of ['a', 'b']) {
      expect(of(name)?.budgets).toEqual([
        {
          path: 'config.targets[0].budget',
          period: 'day',
          amountUsd: 0.3,
          spentUsd: 0.3,
          reservedUsd: 0,
          resetsAt: day,
        },
      ]);
    }
    expect(of('c')?.budgets).toBeUndefined();
  });

  it('a node right above another with the same targets has money of its own', async () => {
    const { ask, answers, of } = fleet({
      strategy: { mode: 'single' },
      budget: { amount: 1, period: 'day' },
      targets: [
        {
          strategy: { mode: 'single' },
          budget: { amount: 1, period: 'day' },
          targets: [target('a', { pricing: dime, budget: { amount: 1, period: 'day' } })],
        },
      ],
    });
    answers.a = replyUsing(1000);
    await ask({}, {}, asking(1000));
    expect(of('a')?.budgets?.map(({ path, spentUsd }) => [path, spentUsd])).toEqual([
      ['config.budget', 0.1],
      ['config.targets[0].budget', 0.1],
      ['config.targets[0].targets[0].budget', 0.1],
    ]);
  });

  it('each value of metadata has its own, a named one another amount; calls without one share theirs', async () => {
    const { ask, answers, of } = fleet(target('a', { pricing: dime }), {
      budgets: [
        { by: 'metadata.team', amount: 0.1, period: 'month' },
        { by: 'metadata.team', of: 'research', amount: 0.2, period: 'month' },
      ],
    });
    answers.a = replyUsing(1000);
    const asks = async (params: object, times: number) => {
      const given = [];
      for (let i = 0; i < times; i++) given.push(await ask(params, {}, asking(1000)));
      return count(given, 'a');
    };
    expect(await asks({ metadata: { team: 'sales' } }, 3)).toBe(1);
    expect(await asks({ metadata: { team: 'research' } }, 3)).toBe(2);
    expect(await asks({ metadata: { user: 'x' } }, 2)).toBe(1);
    expect(await asks({}, 2)).toBe(0);
    const error = await ask({ metadata: { team: 'sales' } }, {}, asking(1000));
    expect(error).toMatchObject({ name: 'BudgetExceededError' });
    expect(of('a')?.budgets?.map((budget) => [budget.of, budget.amountUsd, budget.spentUsd])).toEqual([
      ['metadata.team=research', 0.2, 0.2],
      ['metadata.team=', 0.1, 0.1],
      ['metadata.team=sales', 0.1, 0.1],
    ]);
  });

  it('a virtual key pays wherever it is named: by a target, by a model', async () => {
    const { ask, answers, portkey } = fleet(
      { strategy: { mode: 'fallback' }, targets: [{ virtual_key: 'team-a' }, { provider: '@team-b' }] },
      {
        virtualKeys: {
          'team-a': {
            provider: 'openai',
            api_key: 'k1',
            custom_host: 'http://a.test/v1',
            budget: { amount: 0.2, period: 'month' },
          },
          'team-b': { provider: 'openai', api_key: 'k2', custom_host: 'http://b.test/v1' },
        },
        prices: { 'openai/m': dime },
        priceList: false,
      },
    );
    answers.a = replyUsing(1000);
    expect(await ask({}, {}, asking(1000))).toBe('a');
    const named = { ...asking(1000), model: '@team-a/m' };
    expect(
      await ask({ config: { strategy: { mode: 'single' }, targets: [{ virtual_key: 'team-b' }] } }, {}, named),
    ).toBe('a');
    expect(await ask({}, {}, asking(1000))).toBe('b');
    expect(await ask({}, {}, named)).toMatchObject({ name: 'BudgetExceededError' });
    const budgets = portkey.state().flatMap((state) => state.budgets ?? []);
    expect(budgets[0]).toMatchObject({
      path: 'options.virtualKeys',
      of: 'virtual_key=team-a',
      amountUsd: 0.2,
      spentUsd: 0.2,
    });
  });

  it('a provider pays for all its targets, whatever config they stand in', async () => {
    const groq = target('b', { provider: 'groq', pricing: dime });
    const { ask, answers } = fleet(
      { strategy: { mode: 'fallback' }, targets: [target('a', { pricing: dime }), groq] },
      { budgets: { by: 'provider', of: 'openai', amount: 0.1, period: 'day' } },
    );
    answers.a = replyUsing(1000);
    answers.b = replyUsing(1000, 'b');
    expect(await ask({}, {}, asking(1000))).toBe('a');
    for (let i = 0; i < 3; i++) expect(await ask({}, {}, asking(1000))).toBe('b');
    expect(await ask({ config: target('c', { pricing: dime }) }, {}, asking(1000))).toMatchObject({
      name: 'BudgetExceededError',
    });
  });

  it('the client pays for everything', async () => {
    const { ask, answers } = fleet(target('a', { pricing: dime }), { budgets: { amount: 0.1, period: '1h' } });
    answers.a = replyUsing(1000);
    expect(await ask({}, {}, asking(1000))).toBe('a');
    expect(await ask({ config: target('b', { pricing: dime }) }, {}, asking(1000))).toMatchObject({
      name: 'BudgetExceededError',
    });
  });
});

describe('a model whose price nobody knows', () => {
  it('is refused under a budget, and passed over', async () => {
    const budget = { amount: 1, period: 'day' };
    const { ask, log, portkey } = fleet({
      strategy: { mode: 'fallback' },
      targets: [target('a', { provider: 'ollama', budget }), target('b', { pricing: free, budget })],
    });
    const attempts: unknown[] = [];
    portkey.on('fallback', ({ error }) => attempts.push([error.name, error.message]));
    expect(await ask()).toBe('b');
    expect(log).toEqual(['b']);
    expect(attempts).toEqual([
      [
        'UnknownPriceError',
        '400 No price is known for "m", so the budget of config.targets[0].budget cannot be kept. Nothing was sent. Give the target "pricing", the client "prices", or the budget "unpriced": "free".',
      ],
    ]);
  });

  it('is let through where the budget says it is free', async () => {
    const { ask, of } = fleet(
      target('a', { provider: 'ollama', budget: { amount: 1, period: 'day', unpriced: 'free' } }),
    );
    expect(await ask()).toBe('a');
    expect(of('a')?.budgets?.[0]).toMatchObject({ spentUsd: 0, reservedUsd: 0 });
  });
});

it.each([
  ['1024 tokens, a reply of usual length', {}, 0.1024],
  ['the longest reply of the target', { max_output_tokens: 5000 }, 0.5],
])('puts aside for a call that bounds its reply nowhere: %s', async (_, size, usd) => {
  const { ask, answers, of, clock } = fleet(
    target('a', { pricing: dime, budget: { amount: 1, period: 'day' }, ...size }),
  );
  answers.a = { ...replyUsing(10), afterMs: 10 };
  const call = ask();
  await settle();
  expect(of('a')?.budgets?.[0]).toMatchObject({ reservedUsd: usd });
  clock.advance(10);
  await call;
  expect(of('a')?.budgets?.[0]).toMatchObject({ spentUsd: 0.001, reservedUsd: 0 });
});

describe('a virtual key that takes time to look up', () => {
  const key = { provider: 'openai', api_key: 'k', custom_host: 'http://a.test/v1' };
  const config: Config = { virtual_key: 'slow', budget: { amount: 0.1, period: 'day' } };

  it('is priced all the same: it is looked up before the call is let in', async () => {
    const { ask, answers, portkey } = fleet(config, {
      vault: async () => key,
      prices: { 'openai/m': dime },
      priceList: false,
    });
    answers.a = replyUsing(1000);
    expect(await ask({}, {}, asking(1000))).toBe('a');
    expect(await ask({}, {}, asking(1000))).toMatchObject({ name: 'BudgetExceededError' });
    expect(portkey.state()[0]?.budgets?.[0]).toMatchObject({ spentUsd: 0.1, reservedUsd: 0 });
  });

  it('says itself what is wrong when there is none', async () => {
    const { ask } = fleet(config, { vault: async () => undefined, priceList: false });
    expect(await ask()).toMatchObject({ name: 'VirtualKeyError', status: 401 });
  });

  it('is charged even where its lookup failed before the call and worked for it', async () => {
    let lookups = 0;
    const vault = { get: () => (lookups++ === 0 ? Promise.reject(new Error('down')) : new Credentials(facts)) };
    const facts = { provider: 'openai', apiKey: 'k', settings: { customHost: 'http://a.test/v1' } };
    const { ask, answers, portkey } = fleet(config, { vault, prices: { 'openai/m': dime }, priceList: false });
    answers.a = replyUsing(700);
    expect(await ask({}, {}, asking(1000))).toBe('a');
    expect(portkey.state()[0]?.budgets?.[0]).toMatchObject({ spentUsd: 0.07, reservedUsd: 0 });
  });
});

it('waits for the price list before the first call, and prices it by the list', async () => {
  const { ask, answers, of } = fleet(
    target('a', { override_params: { model: 'gpt-4o' }, budget: { amount: 0.03, period: 'day' } }),
  );
  answers.a = replyUsing(1000, 'gpt-4o');
  expect(await ask({}, {}, asking(2000))).toBe('gpt-4o');
  expect(of('a')?.budgets?.[0]).toMatchObject({ spentUsd: 0.010025 });
  expect(await ask({}, {}, asking(2000))).toMatchObject({ name: 'BudgetExceededError' });
});

it('counts in other currencies at the rate of the client', async () => {
  const { ask, answers, of } = fleet(
    target('a', { pricing: dime, budget: { amount: 0.1, currency: 'EUR', period: 'day' } }),
    {
      currencyRates: { EUR: 1.5 },
    },
  );
  answers.a = replyUsing(1000);
  expect(await ask({}, {}, asking(1500))).toBe('a');
  expect(of('a')?.budgets?.[0]).toMatchObject({ amountUsd: 0.15, spentUsd: 0.1 });
});

const spentUsd = (state: ReturnType<ReturnType<typeof fleet>['of']>) => state?.budgets?.[0]?.spentUsd ?? 0;

/** What is spent is at most the amount and what calls cost beyond what was put aside for them; nothing stays put aside. */
it('keeps to its amount whatever calls come, end and fail at once', async () => {
  const call = fc.record({
    asks: fc.integer({ min: 1, max: 2000 }),
    uses: fc.integer({ min: 0, max: 3000 }),
    afterMs: fc.integer({ min: 0, max: 50 }),
    fails: fc.boolean(),
    waits: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 10 }), fc.array(call, { maxLength: 40 }), async (dimes, calls) => {
      const { ask, answers, clock, of } = fleet(
        target('a', { pricing: dime, budget: { amount: dimes / 10, period: 'year' } }),
      );
      let excessMicro = 0;
      const running: Promise<unknown>[] = [];
      const inFlight = () => of('a')?.inFlight ?? 0;
      for (const { asks, uses, afterMs, fails, waits } of calls) {
        answers.a = { ...(fails ? { status: 500 } : replyUsing(uses)), afterMs };
        const before = inFlight();
        running.push(ask({}, {}, asking(asks)));
        await settle();
        excessMicro += inFlight() > before && !fails ? Math.max(0, uses - asks) * 100 : 0;
        clock.advance(waits ? 25 : 0);
        await settle();
        expect(Math.round(spentUsd(of('a')) * 1e6)).toBeLessThanOrEqual(dimes * 100_000 + excessMicro);
      }
      clock.advance(1000);
      await Promise.all(running);
      expect(of('a')?.budgets?.[0]?.reservedUsd).toBe(0);
    }),
    { numRuns: 30 },
  );
});

it('a budget of a tag holds for calls that have it, among others or not, and for nobody else', async () => {
  const { ask, answers } = fleet(target('a', { pricing: dime }), {
    budgets: [
      { by: 'tag', of: 'batch', amount: 0.5, period: 'day' },
      { by: 'tag', of: 'free', amount: 0.1, period: 'day' },
    ],
  });
  answers.a = replyUsing(4000);
  const tagged = (...tags: string[]) => ask({ tags }, {}, asking(4000));
  expect(await tagged('batch', 'other')).toBe('a');
  expect(await tagged('batch')).toMatchObject({ name: 'BudgetExceededError' });
  expect(await tagged('other', 'batch')).toMatchObject({ name: 'BudgetExceededError' });
  expect(await tagged('free')).toMatchObject({ name: 'BudgetExceededError' });
  expect([await tagged('other'), await ask({}, {}, asking(4000))]).toEqual(['a', 'a']);
});

it('a budget by tag says which', () => {
  expect(() => fleet(target('a'), { budgets: { by: 'tag', amount: 1, period: 'day' } })).toThrow(
    'options.budgets.by: "tag" needs "of", the tag: a call may have many, and each has a budget of its own.',
  );
});
