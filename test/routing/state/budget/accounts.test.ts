import { expect, it } from 'vitest';
import { createAccounts } from '../../../../src/routing/state/budget/accounts.ts';
import type { BudgetPeriod } from '../../../../src/routing/state/budget/period.ts';

const month: BudgetPeriod = { reset: 'calendar', unit: 'month', timeZone: 'UTC' };
const hour: BudgetPeriod = { reset: 'rolling', ms: 3_600_000 };
const start = Date.parse('2026-01-10T00:00:00Z');

it('keeps one account for each owner and period', () => {
  const accounts = createAccounts();
  const first = accounts.at('key-1', month);
  expect(accounts.at('key-1', { ...month })).toBe(first);
  expect(accounts.passing('key-1', month, start)).toBe(first);
  expect(accounts.at('key-1', hour)).not.toBe(first);
  expect(accounts.at('key-1', { ...month, timeZone: 'Asia/Tokyo' })).not.toBe(first);
  expect(accounts.at('key-2', month)).not.toBe(first);
});

it('comes back from JSON with all that still counts, and adds it to what was spent meanwhile', () => {
  const before = createAccounts();
  before.charge(before.at('a', month), 500, start);
  before.charge(before.at('a', hour), 500, start);
  before.charge(before.passing('b', month, start), 70, start);
  before.at('c', month);
  const text = JSON.stringify(before.snapshot(start));
  expect(JSON.parse(text)).toEqual([
    { owner: 'a', period: month, spent: [[Date.parse('2026-01-01T00:00:00Z'), 500]] },
    { owner: 'a', period: hour, spent: [[start, 500]] },
    { owner: 'b', period: month, spent: [[Date.parse('2026-01-01T00:00:00Z'), 70]] },
  ]);

  const after = createAccounts();
  const later = start + 2 * 3_600_000;
  after.charge(after.at('a', month), 5, later);
  after.restore(JSON.parse(text), later);
  expect(after.at('a', month).spend.total(later)).toBe(505);
  expect(after.at('a', hour).spend.total(later)).toBe(0);
  expect(after.at('b', month).spend.total(later)).toBe(70);

  const february = Date.parse('2026-02-01T00:00:00Z');
  const tooLate = createAccounts();
  tooLate.restore(JSON.parse(text), february);
  expect(tooLate.snapshot(february)).toEqual([]);
});

it('tells of each charge, so that others may book it too', () => {
  const here = createAccounts();
  const there = createAccounts();
  const stop = here.onCharge(({ owner, period, micro, at }) =>
    there.restore([{ owner, period, spent: [[at, micro]] }], at),
  );
  here.charge(here.at('a', month), 30, start);
  here.charge(here.at('a', month), 0, start);
  stop();
  here.charge(here.at('a', month), 12, start);
  expect(there.at('a', month).spend.total(start)).toBe(30);
  expect(here.at('a', month).spend.total(start)).toBe(42);
});

it('makes room by dropping who spent nothing, then the longest unused; never money on hold, never what a config names', () => {
  const forgotten: string[] = [];
  const accounts = createAccounts({ most: 3, onForgotten: (owner) => forgotten.push(owner) });
  accounts.at('named', month);
  accounts.charge(accounts.at('named', month), 1, start);
  const held = accounts.passing('held', month, start);
  held.reserved = 10;
  accounts.passing('idle', month, start);
  accounts.charge(accounts.passing('old', month, start), 1, start);
  accounts.charge(accounts.passing('new', month, start), 1, start);
  expect(forgotten).toEqual([]);
  accounts.passing('next', month, start);
  expect(forgotten).toEqual(['old']);
  expect(accounts.passing('held', month, start)).toBe(held);
  expect(accounts.snapshot(start).map(({ owner }) => owner)).toEqual(['named', 'new']);
});
