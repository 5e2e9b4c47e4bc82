import { expect, it } from 'vitest';
import { createRetryBudget } from '../../../src/routing/state/retry-budget.ts';

const taken = (budget: ReturnType<typeof createRetryBudget>, now: number) => {
  let tries = 0;
  while (budget.take(now)) tries++;
  return tries;
};

it('allows a part of the calls, and some a second whatever the calls', () => {
  const budget = createRetryBudget({ ratio: 0.2, minPerSecond: 1 });
  for (let i = 0; i < 100; i++) budget.noteCall(0);
  expect(taken(budget, 0)).toBe(30);
  expect(budget.take(5000)).toBe(false);
});

it('forgets calls and tries after ten seconds', () => {
  const budget = createRetryBudget({ ratio: 1, minPerSecond: 0 });
  for (let i = 0; i < 10; i++) budget.noteCall(0);
  expect(taken(budget, 9499)).toBe(10);
  expect(taken(budget, 10_000)).toBe(0);
  budget.noteCall(20_000);
  expect(taken(budget, 20_000)).toBe(1);
});

it('that allows nothing allows nothing', () => {
  const budget = createRetryBudget({ ratio: 0, minPerSecond: 0 });
  budget.noteCall(0);
  expect(budget.take(0)).toBe(false);
});
