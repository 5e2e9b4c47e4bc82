import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { fleet, settle, target } from '../../support/fleet.ts';
import { asking, dime } from '../../support/priced.ts';

const byCost = (...targets: Config[]): Config => ({ strategy: { mode: 'loadbalance', algorithm: 'cost' }, targets });
const words = (tokens: number, maxTokens: number) => ({
  messages: [{ role: 'user', content: 'abcd'.repeat(tokens) }],
  max_tokens: maxTokens,
});

it('asks the target where this very request costs least: by its prompt, and by the reply it allows', async () => {
  const { ask } = fleet(
    byCost(target('a', { pricing: { input: 1, output: 20 } }), target('b', { pricing: { input: 5, output: 2 } })),
  );
  expect(await ask({}, {}, words(1000, 10))).toBe('a');
  expect(await ask({}, {}, words(1000, 5000))).toBe('b');
  expect(await ask({}, {}, words(10, 1000))).toBe('b');
});

it('divides the cost by the weight', async () => {
  const { ask } = fleet(
    byCost(
      target('a', { pricing: { input: 0, output: 10 }, weight: 3 }),
      target('b', { pricing: { input: 0, output: 4 } }),
    ),
  );
  expect(await ask({}, {}, asking(100))).toBe('a');
});

it('asks one whose price nobody knows only when no other is left', async () => {
  const { ask, answers, log } = fleet(
    byCost(target('a', { provider: 'ollama' }), target('b', { pricing: { input: 1000, output: 1000 } })),
  );
  expect(await ask()).toBe('b');
  answers.b = 500;
  expect(await ask()).toBe('a');
  expect(log).toEqual(['b', 'b', 'a']);
});

it('gives calls that cost the same to the target with the most room', async () => {
  const { answers, log, stream } = fleet(
    byCost(
      target('a', { pricing: dime, max_concurrency: 2 }),
      target('b', { pricing: dime, max_concurrency: 3 }),
      target('c', { pricing: { input: 1, output: 101 }, max_concurrency: 100 }),
    ),
  );
  for (const name of 'abc') answers[name] = 'stream';
  const open = [await stream(), await stream(), await stream(), await stream(), await stream(), await stream()];
  expect(log[0]).toBe('b');
  expect([...log].sort().join('')).toBe('aabbbc');
  expect(log.at(-1)).toBe('c');
  for (const each of open) each.controller.abort();
  await settle();
});

it('finds the cheapest of many, not only of two drawn', async () => {
  const targets = Array.from({ length: 40 }, (_, index) =>
    target(`t${index}`, { pricing: { input: 0, output: index === 29 ? 1 : 2 + index } }),
  );
  const { ask } = fleet(byCost(...targets), { random: () => 0.37 });
  for (let i = 0; i < 5; i++) expect(await ask({}, {}, asking(1000))).toBe('t29');
});

it('goes on to the next cheapest when the cheapest fails or has spent its budget', async () => {
  const { ask, answers } = fleet(
    byCost(
      target('a', { pricing: { input: 0, output: 1 }, budget: { amount: 0, period: 'day' } }),
      target('b', { pricing: { input: 0, output: 2 } }),
      target('c', { pricing: { input: 0, output: 3 } }),
    ),
  );
  expect(await ask()).toBe('b');
  answers.b = 500;
  expect(await ask()).toBe('c');
});

describe('a node among the targets', () => {
  it('costs the mean of a loadbalance, and the first of a fallback', async () => {
    const node = (mode: 'loadbalance' | 'fallback', ...prices: number[]): Config => ({
      strategy: { mode },
      targets: prices.map((output, index) => target(`${mode}${index}`, { pricing: { input: 0, output } })),
    });
    const { ask } = fleet(
      byCost(node('loadbalance', 1, 9), node('fallback', 4, 100), target('a', { pricing: { input: 0, output: 4.5 } })),
    );
    expect(await ask({}, {}, asking(1000))).toBe('fallback0');
  });
});

it('takes prices from the list, which is there before the first call', async () => {
  const { ask } = fleet(
    byCost(
      target('a', { override_params: { model: 'gpt-4o' } }),
      target('b', { override_params: { model: 'gpt-4o-mini' } }),
      target('c', { provider: 'anthropic', override_params: { model: 'claude-sonnet-4-5' } }),
    ),
  );
  expect(await ask()).toBe('b');
});

it('a conditional costs what the branch costs that the request takes', async () => {
  const { ask } = fleet(
    byCost(
      {
        strategy: {
          mode: 'conditional',
          conditions: [{ query: { 'metadata.tier': 'big' }, then: 'dear' }],
          default: 'cheap',
        },
        targets: [
          target('cheap', { pricing: { input: 0, output: 1 } }),
          target('dear', { pricing: { input: 0, output: 9 } }),
        ],
      },
      target('other', { pricing: { input: 0, output: 4 } }),
    ),
  );
  expect(await ask({ metadata: { tier: 'small' } }, {}, asking(100))).toBe('cheap');
  expect(await ask({ metadata: { tier: 'big' } }, {}, asking(100))).toBe('other');
});

it('a conditional without a branch for the request, or with one nobody knows the price of, comes after what is known', async () => {
  const branches: Config = {
    strategy: {
      mode: 'conditional',
      conditions: [{ query: { 'metadata.tier': 'big' }, then: 'unpriced' }],
      default: 'cheap',
    },
    targets: [target('cheap', { pricing: { input: 0, output: 1 } }), target('unpriced', { provider: 'ollama' })],
  };
  const { ask } = fleet(byCost(branches, target('other', { pricing: { input: 0, output: 400 } })));
  expect(await ask({ metadata: { tier: 'big' } }, {}, asking(100))).toBe('other');
  expect(await ask({}, {}, asking(100))).toBe('cheap');
});
