import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAccounts } from '../../../../src/routing/state/budget/accounts.ts';
import type { BudgetPeriod } from '../../../../src/routing/state/budget/period.ts';
import { createPurse, type Hold } from '../../../../src/routing/state/budget/purse.ts';

const month: BudgetPeriod = { reset: 'calendar', unit: 'month', timeZone: 'UTC' };
const hour: BudgetPeriod = { reset: 'rolling', ms: 3_600_000 };
const start = Date.parse('2026-01-10T00:00:00Z');

function purseOf(amounts: readonly (readonly [BudgetPeriod, number])[]) {
  const accounts = createAccounts();
  const allowances = amounts.map(([period, amountMicro]) => ({ account: accounts.at('o', period), amountMicro }));
  return { accounts, purse: createPurse(allowances, accounts) };
}

it('admits calls while what was spent and what is put aside leave room', () => {
  const { accounts, purse } = purseOf([[month, 1_000_000]]);
  accounts.at('o', month).spend.add(500_000, start);
  expect(purse.readyAt(200_000, start)).toBe(start);
  const first = purse.reserve(200_000);
  expect(purse.readyAt(200_000, start)).toBe(start);
  const second = purse.reserve(200_000);
  // Money put aside may come back any time; nobody knows when.
  expect(purse.readyAt(200_000, start)).toBe(Number.POSITIVE_INFINITY);
  first.refund();
  expect(purse.readyAt(200_000, start)).toBe(start);
  second.settle(450_000, start);
  expect(purse.readyAt(200_000, start)).toBe(Date.parse('2026-02-01T00:00:00Z'));
  expect(purse.readyAt(1_000_001, start)).toBe(Number.POSITIVE_INFINITY);
  expect(purse.readyAt(0, start)).toBe(start);
});

it('holds in every period at once, and waits for the last of them', () => {
  const { purse } = purseOf([
    [month, 1_000],
    [hour, 100],
  ]);
  purse.reserve(100).settle(100, start);
  expect(purse.readyAt(1, start)).toBe(start + 3_660_000);
  for (let i = 1; i <= 9; i++) purse.reserve(100).settle(100, start + i * 3_660_000);
  expect(purse.readyAt(1, start + 20 * 3_660_000)).toBe(Date.parse('2026-02-01T00:00:00Z'));
});

it('carries what is put aside over the end of a period, and charges it to the next', () => {
  const { accounts, purse } = purseOf([[month, 100]]);
  const hold = purse.reserve(100);
  const february = Date.parse('2026-02-01T00:00:00Z');
  expect(purse.readyAt(1, february)).toBe(Number.POSITIVE_INFINITY);
  hold.settle(60, february);
  expect(accounts.at('o', month).spend.total(february)).toBe(60);
  expect(purse.readyAt(40, february)).toBe(february);
});

/** Calls against one amount in two periods, and what they cost beyond what was put aside for them. */
function spree(amount: number, honest: boolean) {
  const { accounts, purse } = purseOf([
    [month, amount],
    [hour, amount],
  ]);
  const open: { readonly hold: Hold; readonly bound: number; readonly cost: number }[] = [];
  let now = start;
  let excess = 0;

  function begin(bound: number, cost: number): void {
    if (purse.readyAt(bound, now) > now) return;
    open.push({ hold: purse.reserve(bound), bound, cost: honest ? Math.min(cost, bound) : cost });
  }
  function end(index: number, refund: boolean): void {
    const [call] = open.splice(index, 1);
    if (call === undefined) return;
    if (refund) call.hold.refund();
    else {
      excess += Math.max(0, call.cost - call.bound);
      call.hold.settle(call.cost, now);
    }
  }
  return {
    take(each: Step): void {
      if (each.do === 'wait') now += each.ms;
      else if (each.do === 'end') end(each.which % (open.length || 1), each.refund);
      else begin(each.bound, each.cost);
    },
    endAll(): void {
      while (open.length > 0) end(0, false);
    },
    excess: () => excess,
    held: () => open.reduce((sum, { bound }) => sum + bound, 0),
    books: () =>
      [month, hour].map((period) => {
        const { spend, reserved } = accounts.at('o', period);
        return { spent: spend.total(now), reserved };
      }),
  };
}

const stepArbitrary = fc.oneof(
  fc.record({ do: fc.constant('call' as const), bound: fc.nat(500), cost: fc.nat(700) }),
  fc.record({ do: fc.constant('end' as const), which: fc.nat(100), refund: fc.boolean() }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(40 * 86_400_000) }),
);
type Step = typeof stepArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

it('never spends more than the amount and what calls cost beyond what was put aside for them; all that was put aside comes back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.boolean(),
      fc.array(stepArbitrary, { maxLength: 200 }),
      (amount, honest, steps) => {
        const calls = spree(amount, honest);
        for (const step of steps) {
          calls.take(step);
          for (const { spent, reserved } of calls.books()) {
            expect(spent).toBeLessThanOrEqual(amount + calls.excess());
            expect(reserved).toBe(calls.held());
            if (honest) expect(spent + reserved).toBeLessThanOrEqual(amount);
          }
        }
        calls.endAll();
        for (const { reserved } of calls.books()) expect(reserved).toBe(0);
      },
    ),
  );
});
