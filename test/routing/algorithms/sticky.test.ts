import { expect, it } from 'vitest';
import { sticky } from '../../../src/routing/algorithms/sticky.ts';
import { countPicks, fakeChildren, seeded } from '../../support/children-view.ts';
import { chatRequest, testContext } from '../../support/engine.ts';

function stickyPicker(names: readonly string[], weights: readonly number[] = names.map(() => 1)) {
  const view = {
    ...fakeChildren(names.length, names),
    stickyKey: (_: unknown, context: { metadata: Readonly<Record<string, string>> }) => context.metadata.user,
  };
  const picker = sticky(weights, seeded(1), view);
  return {
    view,
    picker,
    of: (user: string, avoid?: ReadonlySet<number>) =>
      names[picker.pick(avoid, chatRequest(), testContext({ metadata: { user } })) as number],
  };
}

const users = Array.from({ length: 2000 }, (_, index) => `user-${index}`);

it('gives one user one child, on every client', () => {
  const one = stickyPicker(['a', 'b', 'c']);
  const other = stickyPicker(['c', 'a', 'b']);
  for (const user of users) expect([one.of(user), other.of(user)]).toEqual([one.of(user), one.of(user)]);
});

it('shares users by weight', () => {
  const { of } = stickyPicker(['a', 'b', 'c'], [6, 3, 1]);
  const counts = Map.groupBy(users, (user) => of(user));
  expect(Math.abs((counts.get('a')?.length ?? 0) - 1200)).toBeLessThan(100);
  expect(Math.abs((counts.get('b')?.length ?? 0) - 600)).toBeLessThan(100);
  expect(Math.abs((counts.get('c')?.length ?? 0) - 200)).toBeLessThan(70);
});

it('moves only the users of a child that goes', () => {
  const before = stickyPicker(['a', 'b', 'c', 'd']);
  const after = stickyPicker(['a', 'b', 'd']);
  for (const user of users) if (before.of(user) !== 'c') expect(after.of(user)).toBe(before.of(user));
});

it('moves on while the pinned child is not ready, and comes back', () => {
  const { of, view } = stickyPicker(['a', 'b', 'c']);
  const home = users.map((user) => of(user));
  view.shares[0] = 0;
  const away = users.map((user) => of(user));
  expect(away).not.toContain('a');
  home.forEach((name, index) => {
    if (name !== 'a') expect(away[index]).toBe(name);
  });
  view.shares[0] = 1;
  expect(users.map((user) => of(user))).toEqual(home);
});

it('avoids a child that failed, and spreads requests without a key by weight', () => {
  const { of, picker } = stickyPicker(['a', 'b']);
  expect(users.slice(0, 50).map((user) => of(user, new Set([0])))).toEqual(new Array(50).fill('b'));
  expect(countPicks(2, 100, () => picker.pick(undefined, chatRequest(), testContext()))).toEqual([50, 50]);
});
