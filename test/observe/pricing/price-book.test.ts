import { describe, expect, it } from 'vitest';
import { createEventHub } from '../../../src/core/event-hub.ts';
import type { Demand } from '../../../src/core/limit.ts';
import type { Usage } from '../../../src/core/usage.ts';
import type { Pricing } from '../../../src/observe/pricing/own-price.ts';
import { createPriceBook, importGenaiPrices } from '../../../src/observe/pricing/price-book.ts';
import type { PriceListModule } from '../../../src/observe/pricing/price-list.ts';

const now = Date.parse('2026-06-01T12:00:00Z');

function bookOf(
  own: Record<string, Pricing> = {},
  importList: (() => Promise<PriceListModule>) | undefined = undefined,
) {
  const events = createEventHub();
  const warnings: string[] = [];
  events.on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));
  const book = createPriceBook({ own, importList }, events);
  const cost = (model: string, usage: Usage, at = now) => {
    const [provider = '', ...name] = model.split('/');
    return book.tariffOf(provider, name.join('/'), at)?.costOf(usage) ?? null;
  };
  return { book, warnings, cost };
}

const tokens = (promptTokens: number, completionTokens: number, more: Partial<Usage> = {}): Usage => ({
  promptTokens,
  completionTokens,
  ...more,
});

const demandOf = (inputTokens: number, outputTokens: number): Demand => ({
  inputTokens,
  outputTokens,
  isOutputGuessed: false,
  model: 'm',
  metadata: {},
});

describe('a price of the user', () => {
  it.each<[string, Pricing, Usage, number]>([
    ['dollars per million are micro-dollars per token', { input: 2.5, output: 10 }, tokens(1000, 500), 7500],
    [
      'a part without a price of its own costs as its whole',
      { input: 2, output: 8 },
      tokens(10, 10, { cachedTokens: 4, reasoningTokens: 9 }),
      100,
    ],
    [
      'what came from a cache is part of the prompt',
      { input: 3, cached_input: 0.3, output: 15 },
      tokens(1000, 0, { cachedTokens: 900 }),
      570,
    ],
    [
      'what went into a cache too',
      { input: 3, cache_write: 3.75, output: 15 },
      tokens(1000, 0, { cacheWriteTokens: 400 }),
      3300,
    ],
    [
      'reasoning is part of the completion',
      { input: 0, output: 10, reasoning: 4 },
      tokens(0, 100, { reasoningTokens: 75 }),
      550,
    ],
    [
      'audio has its own',
      { input: 2.5, output: 10, audio_input: 40, audio_output: 80 },
      tokens(100, 50, { audioInputTokens: 60, audioOutputTokens: 50 }),
      6500,
    ],
    ['an embedding has no output', { input: 0.02 }, tokens(1_000_000, 0), 20_000],
    ['a request may cost by itself', { request: 0.005 }, tokens(0, 0), 5000],
    [
      'LiteLLM writes dollars per token',
      { input_cost_per_token: 0.0000025, output_cost_per_token: 0.00001 },
      tokens(1000, 500),
      7500,
    ],
    [
      'LiteLLM has names for the parts',
      { input_cost_per_token: 3e-6, cache_read_input_token_cost: 3e-7, output_cost_per_reasoning_token: 1e-6 },
      tokens(10, 10, { cachedTokens: 10, reasoningTokens: 10 }),
      13,
    ],
    ['a fraction of a micro-dollar counts as one', { input: 0.02, output: 0 }, tokens(10, 0), 1],
    ['sums of fractions are exact', { input: 0.1, output: 0.2 }, tokens(10, 10), 3],
    ['nothing costs nothing', { input: 0, output: 0 }, tokens(10, 10), 0],
    [
      'parts beyond their whole do not count twice',
      { input: 1, cached_input: 0.5, output: 1 },
      tokens(10, 0, { cachedTokens: 50, cacheWriteTokens: 50 }),
      5,
    ],
  ])('%s', (_, pricing, usage, micro) => {
    const { cost, warnings } = bookOf({ 'openai/m': pricing });
    expect(cost('openai/m', usage)).toBe(micro);
    expect(warnings).toEqual([]);
  });

  it('bounds a call by the dearest rate each token may have', () => {
    const { book } = bookOf({
      'openai/m': { input: 3, cached_input: 0.3, cache_write: 3.75, output: 15, request: 0.001 },
    });
    const tariff = book.tariffOf('openai', 'm', now);
    expect(tariff?.boundOf(demandOf(1000, 100))).toBe(1000 + 3750 + 1500);
  });
});

describe('the price list', () => {
  it.each<[string, Usage, number]>([
    ['openai/gpt-4o', tokens(1000, 500), 7500],
    ['openai/gpt-4o', tokens(1000, 500, { cachedTokens: 800 }), 6500],
    ['openai/o3', tokens(1000, 1000, { reasoningTokens: 900 }), 10_000],
    ['openai/text-embedding-3-small', tokens(1_000_000, 0), 20_000],
    ['azure-openai/gpt-4o', tokens(1000, 500), 7500],
    ['anthropic/claude-sonnet-4-5', tokens(1000, 100, { cachedTokens: 500, cacheWriteTokens: 200 }), 3300],
    ['anthropic/claude-sonnet-4-5', tokens(200_000, 100), 601_500],
    ['anthropic/claude-sonnet-4-5', tokens(200_001, 100), 1_202_256],
    ['bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0', tokens(1000, 100), 4500],
    ['vertex-ai/gemini-2.5-pro', tokens(1000, 1000), 11_250],
    ['google/gemini-2.5-pro', tokens(300_000, 1000), 765_000],
    ['openrouter/openai/gpt-4o', tokens(1000, 500), 7500],
  ])('prices %s for %o', async (model, usage, micro) => {
    const { book, cost, warnings } = bookOf({}, importGenaiPrices);
    await book.load();
    expect(cost(model, usage)).toBe(micro);
    expect(warnings).toEqual([]);
  });

  it('bounds by its dearest tier, since an estimate may miss the edge', async () => {
    const { book } = bookOf({}, importGenaiPrices);
    await book.load();
    const tariff = book.tariffOf('google', 'gemini-2.5-pro', now);
    expect(tariff?.source).toBe('genai-prices');
    expect(tariff?.boundOf(demandOf(1000, 1000))).toBe(2500 + 15_000);
  });

  it('gives way to a price of the user', async () => {
    const { book, cost } = bookOf({ 'openai/gpt-4o': { input: 1, output: 1 } }, importGenaiPrices);
    await book.load();
    expect(cost('openai/gpt-4o', tokens(10, 10))).toBe(20);
    expect(book.tariffOf('openai', 'gpt-4o', now)?.source).toBe('config');
  });

  it('knows nothing of a model it does not have, or that it does not price by tokens, and says so once', async () => {
    const { book, cost, warnings } = bookOf({}, importGenaiPrices);
    expect(cost('openai/whisper-1', tokens(1, 1))).toBeNull();
    expect(warnings).toEqual([]);
    await book.load();
    expect(book.load()).toBeUndefined();
    for (let i = 0; i < 3; i++) {
      for (const model of ['openai/whisper-1', 'azure-openai/my-deployment', 'ollama/gpt-4o'])
        expect(cost(model, tokens(1, 1))).toBeNull();
    }
    expect(warnings).toEqual([
      'pricing: No price is known for "openai/whisper-1": its cost is null. Give the target "pricing", or the client prices: { "openai/whisper-1": { input, output } } in US dollars per million tokens.',
      'pricing: No price is known for "azure-openai/my-deployment": its cost is null. Give the target "pricing", or the client prices: { "azure-openai/my-deployment": { input, output } } in US dollars per million tokens.',
      'pricing: No price is known for "ollama/gpt-4o": its cost is null. Give the target "pricing", or the client prices: { "ollama/gpt-4o": { input, output } } in US dollars per million tokens.',
    ]);
  });

  it('follows prices that change with the time of day', () => {
    const module: PriceListModule = {
      calcPrice: (_, __, { timestamp }) => ({ model_price: { input_mtok: timestamp.getUTCHours() < 16 ? 2 : 1 } }),
    };
    const { book, cost } = bookOf({}, async () => module);
    return Promise.resolve(book.load()).then(() => {
      expect(cost('deepseek/m', tokens(10, 0), Date.parse('2026-06-01T15:59:30Z'))).toBe(20);
      expect(cost('deepseek/m', tokens(10, 0), Date.parse('2026-06-01T16:00:30Z'))).toBe(10);
      expect(cost('deepseek/m', tokens(10, 0), Date.parse('2026-06-01T15:00:00Z'))).toBe(20);
    });
  });

  it('that cannot be loaded is told once, and costs are null', async () => {
    const { book, cost, warnings } = bookOf({ 'openai/m': { input: 1, output: 1 } }, () =>
      Promise.reject(new Error("Cannot find package '@pydantic/genai-prices'")),
    );
    await Promise.all([book.load(), book.load()]);
    expect(warnings).toEqual([
      "pricing: The price list cannot be loaded, so only prices of your own count. Install @pydantic/genai-prices, or give prices. (Cannot find package '@pydantic/genai-prices')",
    ]);
    expect(cost('openai/m', tokens(1, 1))).toBe(2);
    expect(cost('openai/gpt-4o', tokens(1, 1))).toBeNull();
  });
});
