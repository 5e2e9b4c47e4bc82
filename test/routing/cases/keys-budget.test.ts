import { expect, it } from 'vitest';
import { fleet, target } from '../../support/fleet.ts';
import { asking, dime, replyUsing } from '../../support/priced.ts';

it('a budget beside several keys holds for all of them together', async () => {
  const { api_key, ...keyless } = target('a', { pricing: dime, budget: { amount: 1, period: 'month' } });
  const { ask, answers } = fleet({ ...keyless, api_keys: ['one', 'two', 'three'] });
  answers.a = replyUsing(5000);
  expect(await ask({}, {}, asking(5000))).toBe('a');
  expect(await ask({}, {}, asking(5000))).toBe('a');
  expect(await ask({}, {}, asking(5000))).toMatchObject({ name: 'BudgetExceededError' });
});
