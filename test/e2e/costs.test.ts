import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/core/attempt.ts';
import { APIError, ConfigError, type PortkeyOptions } from '../../src/index.ts';
import { errorOf, fallback, hello, helloStream, simulated, textOf } from '../support/simulated.ts';

const simulator = simulated();

/** A client that has its prices from the start, and notes every attempt as it ends. */
function priced(config: object, options: PortkeyOptions = {}) {
  const portkey = simulator.client(config, { priceList: 'genai-prices', ...options });
  const ended: Readonly<Attempt>[] = [];
  const warnings: string[] = [];
  portkey.on('attempt-end', ({ attempt }) => ended.push(attempt));
  portkey.on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));
  return { portkey, ended, warnings };
}

describe('what a reply cost', () => {
  it.each<[string, string, number, number, number]>([
    ['openai', 'gpt-4o', 2.5, 10, 0],
    ['anthropic', 'claude-sonnet-4-5', 3, 15, 0],
    ['google', 'gemini-2.5-pro', 1.25, 10, 0],
    ['cohere', 'command-r-plus', 2.5, 10, 0],
  ])('of %s %s is told with its attempt, whole or streamed', async (...[provider, model, input, output]) => {
    const { portkey, ended, warnings } = priced(simulator.target(provider));
    await portkey.chat.completions.create({ ...hello, model });
    await textOf(
      await portkey.chat.completions.create({ ...helloStream, model, stream_options: { include_usage: true } }),
    );
    expect(ended).toHaveLength(2);
    for (const { usage, cost } of ended) {
      const { promptTokens = 0, completionTokens = 0, estimated } = usage ?? {};
      expect(estimated).toBeUndefined();
      expect(promptTokens * completionTokens).toBeGreaterThan(0);
      expect(cost).toEqual({
        microUsd: Math.ceil(Math.round((promptTokens * input + completionTokens * output) * 1e6) / 1e6),
        source: 'genai-prices',
      });
    }
    expect(warnings).toEqual([]);
  });

  it('is told by the reply, by its headers, and by the end of the request', async () => {
    simulator.behave('openai', { usage: { inputTokens: 1000, outputTokens: 500 } });
    const { portkey } = priced(simulator.target('openai'));
    const ends: unknown[] = [];
    portkey.on('request-end', ({ attempts }) => ends.push(attempts.map(({ cost }) => cost)));
    const { data, response } = await portkey.chat.completions.create(hello).withResponse();
    expect(data.attempts.map(({ cost }) => cost)).toEqual([{ microUsd: 7500, source: 'genai-prices' }]);
    expect(response.headers.get('x-litellm-response-cost')).toBe('0.0075');
    expect(ends).toEqual([[{ microUsd: 7500, source: 'genai-prices' }]]);
    expect(JSON.stringify(data)).not.toContain('microUsd');
  });

  it('goes by the price of the target, of another model it names, of the client, of the list, in this order', async () => {
    simulator.behave('openai', { usage: { inputTokens: 1000, outputTokens: 1000 } });
    const costOf = async (more: Record<string, unknown>, options: PortkeyOptions = {}) => {
      const { portkey, ended } = priced(simulator.target('openai', more), options);
      await portkey.chat.completions.create(hello);
      return ended[0]?.cost;
    };
    const prices = { 'OpenAI/gpt-4o': { input: 1, output: 1 } };
    expect(await costOf({ pricing: { input: 2, output: 2 } }, { prices })).toEqual({
      microUsd: 4000,
      source: 'config',
    });
    expect(await costOf({ pricing: 'openai/gpt-4o-mini' }, { prices })).toEqual({
      microUsd: 750,
      source: 'genai-prices',
    });
    expect(await costOf({}, { prices })).toEqual({ microUsd: 2000, source: 'config' });
    expect(await costOf({})).toEqual({ microUsd: 12_500, source: 'genai-prices' });
    expect(await costOf({}, { priceList: false })).toBeUndefined();
  });

  it('of embeddings is told too', async () => {
    const { portkey, ended } = priced(simulator.target('openai'));
    await portkey.embeddings.create({ model: 'text-embedding-3-large', input: 'one two three '.repeat(1000) });
    const { usage, cost } = ended[0] ?? {};
    expect(cost).toEqual({ microUsd: Math.ceil(((usage?.promptTokens ?? 0) * 13) / 100), source: 'genai-prices' });
  });

  it('of a model nobody prices is unknown, and a warning says so once', async () => {
    const { portkey, ended, warnings } = priced(simulator.target('ollama'));
    for (let i = 0; i < 3; i++) await portkey.chat.completions.create({ ...hello, model: 'llama-of-mine' });
    expect(ended.map(({ cost }) => cost)).toEqual([undefined, undefined, undefined]);
    expect(warnings).toEqual([
      expect.stringMatching(/^pricing: No price is known for "ollama\/llama-of-mine": its cost is null\./),
    ]);
  });

  it('is not asked for by anybody: the list stays unloaded, and nobody is warned', async () => {
    // Records of calls say what they cost: whoever keeps them asks.
    const portkey = simulator.client(simulator.target('ollama'), { logs: false });
    const warnings: unknown[] = [];
    portkey.on('warning', (warning) => warnings.push(warning));
    const reply = await portkey.chat.completions.create(hello);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await portkey.chat.completions.create(hello);
    expect(reply.attempts[0]?.cost).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it('is loaded for a listener while the first call is under way', async () => {
    simulator.behave('openai', { usage: { inputTokens: 1000, outputTokens: 500 } });
    const portkey = simulator.client(simulator.target('openai'));
    const costs: unknown[] = [];
    portkey.on('attempt-end', ({ attempt }) => costs.push(attempt.cost?.microUsd));
    await portkey.chat.completions.create(hello);
    await expect
      .poll(async () => {
        await portkey.chat.completions.create(hello);
        return costs.at(-1);
      })
      .toBe(7500);
  });
});

describe('tokens of a reply that does not say them', () => {
  it('are estimated, marked as such, and never written into the reply', async () => {
    simulator.behave('openai', { text: 'word '.repeat(400) });
    const { portkey, ended } = priced(simulator.target('openai'));
    const stream = await portkey.chat.completions.create(helloStream);
    const chunks: unknown[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(JSON.stringify(chunks)).not.toContain('prompt_tokens');
    expect(ended[0]?.usage).toMatchObject({ estimated: true });
    expect(ended[0]?.usage?.completionTokens).toBeGreaterThan(400);
    expect(ended[0]?.usage?.completionTokens).toBeLessThan(600);
    expect(ended[0]?.cost?.microUsd).toBeGreaterThan(4000);
  });

  it('are estimated of what came until the reader left', async () => {
    simulator.behave('openai', { text: 'word '.repeat(400), stallAfterChunks: 30 });
    const { portkey, ended } = priced(simulator.target('openai'));
    const stream = await portkey.chat.completions.create(helloStream);
    let count = 0;
    for await (const _ of stream) if (++count === 20) break;
    await expect.poll(() => ended[0]?.outcome).toBe('aborted');
    expect(ended[0]?.usage).toMatchObject({ estimated: true });
    expect(ended[0]?.usage?.completionTokens).toBeLessThan(100);
  });
});

const byCause = () =>
  fallback([
    simulator.target('primary', { provider: 'openai' }),
    simulator.target('big', { provider: 'openai', on_errors: ['context_window'] }),
    simulator.target('mild', { provider: 'openai', on_errors: ['content_policy'] }),
    simulator.target('general', { provider: 'openai', on_errors: ['any'] }),
  ]);

describe.each<[string, (error: 'context_window' | 'content_policy' | 'server') => object]>([
  ['an error status', (error) => ({ error })],
  ['an error in a 200', (error) => ({ error, errorIn200: true })],
  ['an error event before the first content of a stream', (error) => ({ error, errorEventAt: 0 })],
])('%s', (name, behave) => {
  it.each([
    ['context_window', 'big'],
    ['content_policy', 'mild'],
    ['server', 'general'],
  ] as const)('of kind %s leads to %s only', async (error, expected) => {
    simulator.behave('primary', behave(error));
    const portkey = simulator.client(byCause());
    const isStream = name.includes('stream');
    if (isStream) await textOf(await portkey.chat.completions.create(helloStream));
    else await portkey.chat.completions.create(hello);
    expect(simulator.called()).toEqual(['primary', expected]);
  });
});

it.each(['context_window', 'content_policy'] as const)(
  'tries nothing again after %s, wherever it is said',
  async (error) => {
    const quick = { retry: { attempts: 3, backoff: { initial: 1, max: 1 } } };
    for (const behaviour of [{ error }, { error, errorIn200: true }, { error, errorEventAt: 0 }]) {
      // Bedrock says with the status, or the name of an event, that something is an error; never in a 200.
      const others = 'errorIn200' in behaviour ? [] : ['bedrock'];
      for (const provider of ['openai', 'anthropic', 'google', ...others]) {
        simulator.behave(provider, behaviour);
        const portkey = simulator.client(simulator.target(provider, quick));
        const request = 'errorEventAt' in behaviour ? helloStream : hello;
        const failure = await errorOf(portkey.chat.completions.create(request), APIError);
        expect([provider, failure.kind, failure.attempts.length]).toEqual([provider, error, 1]);
      }
    }
  },
);

describe.each(['openai', 'anthropic', 'google', 'bedrock'])('a content filter of %s', (provider) => {
  it.each(['whole', 'streamed'])('leads on where an edge says so: %s', async (form) => {
    simulator.behave(provider, { contentFilter: true, text: '' });
    const portkey = simulator.client(
      fallback([
        simulator.target(provider),
        simulator.target('mild', { provider: 'openai', on_errors: ['content_policy'] }),
      ]),
    );
    if (form === 'whole') await portkey.chat.completions.create(hello);
    else await textOf(await portkey.chat.completions.create(helloStream));
    expect(simulator.called()).toEqual([provider, 'mild']);
  });
});

describe('options about money', () => {
  it('are all checked at once, where the client is made', async () => {
    const make = async () =>
      simulator.client(
        { provider: 'openai', api_key: 'k' },
        {
          prices: {
            'opnai/gpt-4o': { input: 1 },
            'gpt-4o': { input: 1 },
            'openai/a': { inptu: 1 } as never,
            'openai/b': { input: -1 },
            'openai/c': { input: 1, input_cost_per_token: 1 },
            'openai/d': {},
          },
          budgets: [
            { amount: 1, period: 'fortnight' },
            { amount: -1, period: 'day' },
            { amount: 1, period: '30d', reset: 'calendar' },
            { amount: 1, period: 'day', timezone: 'Europe/Nowhere' },
          ],
          virtualKeys: {
            a: { provider: 'openai', api_key: 'k', budget: { amount: 1, period: 'day', by: 'provider' } },
            b: { provider: 'openai', api_key: 'k', budget: { amont: 1, period: 'day' } as never },
          },
        },
      );
    const error = await errorOf(make(), ConfigError);
    expect(error.issues.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'options.prices["opnai/gpt-4o"]: Unknown provider "opnai". Did you mean "openai"?',
      'options.prices["gpt-4o"]: Must be named "provider/model".',
      'options.prices["openai/a"].inptu: Unknown key "inptu" of "pricing". Did you mean "input"?',
      'options.prices["openai/a"]: Says no price. Give "input" and "output" in US dollars per million tokens; 0 where it is free.',
      'options.prices["openai/b"].input: Too small: expected number to be >=0.',
      'options.prices["openai/c"].input_cost_per_token: Given together with "input", which says the same. Keep one.',
      'options.prices["openai/d"]: Says no price. Give "input" and "output" in US dollars per million tokens; 0 where it is free.',
      'options.budgets[0].period: Must be "day", "week", "month", "year", or a length such as "1h" or "30d".',
      'options.budgets[1].amount: Too small: expected number to be >=0.',
      'options.budgets[3].timezone: Must be the IANA name of a time zone, such as "Europe/Berlin".',
      'options.budgets[2].reset: "calendar" needs a period of the calendar: "day", "week", "month" or "year", not "30d".',
      'options.virtualKeys["a"].budget.by: Has no effect here: this is the budget of one virtual key.',
      'options.virtualKeys["b"].budget.amont: Unknown key "amont" of "budget". Did you mean "amount"?',
      'options.virtualKeys["b"].budget.amount: expected number, received undefined.',
    ]);
  });
});
