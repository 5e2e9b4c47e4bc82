import { expect, it } from 'vitest';
import type { SpendEntry, SpendStore } from '../../../../src/core/spend-store.ts';
import { createAccounts } from '../../../../src/routing/state/budget/accounts.ts';
import { keepSpend } from '../../../../src/routing/state/budget/kept-spend.ts';
import { fromKey, keyOf, toPeriod } from '../../../../src/routing/state/budget/period.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const day = toPeriod({ period: 'day' });
const turn = () => new Promise((resolve) => setImmediate(resolve));

interface Memory {
  entries: SpendEntry[];
  readonly writes: string[];
  error: Error | undefined;
  readonly store: SpendStore;
}

/** A store in memory that can be told to fail. */
function memory(entries: readonly SpendEntry[] = []): Memory {
  const made: Memory = {
    entries: [...entries],
    writes: [],
    error: undefined,
    store: {
      read: async () => [...made.entries],
      async append(more) {
        made.writes.push(`append ${more.length}`);
        if (made.error !== undefined) throw made.error;
        made.entries.push(...more);
      },
      async replace(all) {
        made.writes.push(`replace ${all.length}`);
        if (made.error !== undefined) throw made.error;
        made.entries = [...all];
      },
    },
  };
  return made;
}

function keeping(made: ReturnType<typeof memory>) {
  const clock = manualClock();
  const accounts = createAccounts();
  const warnings: string[] = [];
  const kept = keepSpend(accounts, { store: made.store, clock, warn: (message) => warnings.push(message) });
  const charge = (micro: number, owner = 'client') => accounts.charge(accounts.at(owner, day), micro, clock.now());
  const spent = (owner = 'client') => accounts.at(owner, day).spend.total(clock.now());
  return { clock, accounts, warnings, kept, charge, spent };
}

it('counts what was kept, as far as its period goes on', async () => {
  const now = manualClock().now();
  const entry = (micro: number, at: number, period = 'day UTC') => ({ owner: 'client', period, micro, at });
  const { kept, spent, accounts } = keeping(
    memory([
      entry(5, now),
      entry(7, now),
      entry(100, now - 2 * 86_400_000),
      entry(3, now - 1000, 'rolling 60000'),
      entry(9, now - 1_000_000, 'rolling 60000'),
      entry(1, now, 'fortnight UTC'),
    ]),
  );
  await kept.loaded();
  expect(kept.loaded()).toBeUndefined();
  expect(spent()).toBe(12);
  expect(accounts.at('client', { reset: 'rolling', ms: 60_000 }).spend.total(now)).toBe(3);
});

it('adds every charge, many of one moment in one write', async () => {
  const made = memory();
  const { kept, charge } = keeping(made);
  await kept.loaded();
  charge(1);
  charge(2, 'other');
  await turn();
  charge(3);
  await kept.close();
  expect(made.writes).toEqual(['append 2', 'append 1']);
  expect(made.entries.map(({ owner, micro }) => [owner, micro])).toEqual([
    ['client', 1],
    ['other', 2],
    ['client', 3],
  ]);
});

it('writes sums in place of single charges when there are many', async () => {
  const made = memory();
  const { kept, charge } = keeping(made);
  await kept.loaded();
  for (let i = 0; i < 30; i++) {
    for (let j = 0; j < 1000; j++) charge(1, `owner ${j % 10}`);
    await turn();
  }
  await kept.close();
  expect(made.writes.filter((write) => write.startsWith('replace'))).toEqual(['replace 10', 'replace 10']);
  expect(made.entries.length).toBeLessThan(11_000);
  const again = keeping(made);
  await again.kept.loaded();
  expect(again.spent('owner 3')).toBe(3000);
});

it('says once that it cannot write, and writes everything when it can again', async () => {
  const made = memory();
  const { kept, charge, warnings, clock } = keeping(made);
  await kept.loaded();
  made.error = new Error('no space left');
  for (let i = 0; i < 3; i++) {
    charge(1);
    await turn();
    clock.advance(1000);
    await turn();
  }
  expect(warnings).toEqual([
    'What budgets spent cannot be kept: Error: no space left. It is tried again with later calls.',
  ]);
  made.error = undefined;
  charge(1);
  await kept.close();
  expect(made.entries.map(({ micro }) => micro)).toEqual([4]);
});

it('writes what is still to be written when it is closed', async () => {
  const made = memory();
  const { kept, charge, clock } = keeping(made);
  await kept.loaded();
  made.error = new Error('busy');
  charge(5);
  await turn();
  made.error = undefined;
  const closing = kept.close();
  clock.advance(1000);
  await closing;
  expect(made.entries.map(({ micro }) => micro)).toEqual([5]);
});

it('periods are read back from what tells them apart', () => {
  const periods = [
    toPeriod({ period: 'month', timezone: 'Europe/Berlin' }),
    toPeriod({ period: '90s' }),
    toPeriod({ period: 'week', reset: 'rolling' }),
  ];
  expect(periods.map((period) => fromKey(keyOf(period)))).toEqual(periods);
  expect(['', 'day', 'century UTC', 'rolling x', 'rolling -5', 'day UTC more'].map(fromKey)).toEqual(
    new Array(6).fill(undefined),
  );
});
