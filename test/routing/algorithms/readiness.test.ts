import fc from 'fast-check';
import { expect, it } from 'vitest';
import { algorithms } from '../../../src/routing/algorithms/index.ts';
import { countPicks, fakeChildren, seeded } from '../../support/children-view.ts';

const names = Object.keys(algorithms) as (keyof typeof algorithms)[];

it.each(names)(
  '%s picks a child that is not ready only when none is, and never weight 0 or one to be avoided',
  (name) => {
    const child = fc.record({
      weight: fc.constantFrom(0, 0.3, 1, 7),
      share: fc.constantFrom(0, 0.2, 1),
      avoided: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(child, { minLength: 1, maxLength: 20 }), fc.integer(), (children, seed) => {
        fc.pre(children.some(({ weight }) => weight > 0));
        const view = fakeChildren(children.length);
        children.forEach(({ share }, index) => {
          view.shares[index] = share;
        });
        const picker = algorithms[name](
          children.map(({ weight }) => weight),
          seeded(seed),
          view,
        );
        const avoid = new Set(children.flatMap(({ avoided }, index) => (avoided ? [index] : [])));
        const allowed = children.flatMap(({ weight, avoided }, index) => (weight > 0 && !avoided ? [index] : []));
        const ready = allowed.filter((index) => (view.shares[index] as number) > 0);
        for (let i = 0; i < 5; i++) {
          const index = picker.pick(avoid);
          if (allowed.length === 0) expect(index).toBeUndefined();
          else expect(ready.length > 0 ? ready : allowed).toContain(index);
        }
      }),
    );
  },
);

it.each(['weighted', 'random', 'round_robin'] as const)(
  '%s gives a recovering child as much as its share says',
  (name) => {
    const view = fakeChildren(2);
    const picker = algorithms[name]([1, 1], seeded(3), view);
    view.shares[0] = 0.25;
    const [first = 0] = countPicks(2, 10_000, () => picker.pick());
    expect(first / 10_000).toBeGreaterThan(0.17);
    expect(first / 10_000).toBeLessThan(0.23);
  },
);

it('does not flood a child that is ready again with the turns it missed', () => {
  const view = fakeChildren(2);
  const picker = algorithms.weighted([1, 1], seeded(1), view);
  view.shares[0] = 0;
  expect(countPicks(2, 1000, () => picker.pick())).toEqual([0, 1000]);
  view.shares[0] = 1;
  expect(countPicks(2, 10, () => picker.pick())).toEqual([5, 5]);
});

it('keeps exact shares of weighted among the rest while one is not ready', () => {
  const view = fakeChildren(3);
  const picker = algorithms.weighted([6, 3, 1], seeded(1), view);
  view.shares[0] = 0;
  const [, second = 0, third = 0] = countPicks(3, 400, () => picker.pick());
  expect(Math.abs(second - 300)).toBeLessThanOrEqual(2);
  expect(Math.abs(third - 100)).toBeLessThanOrEqual(2);
});

it('keeps shares when all are not ready', () => {
  const view = fakeChildren(3);
  view.shares.fill(0);
  for (const name of ['weighted', 'random'] as const) {
    const picker = algorithms[name]([6, 3, 1], seeded(1), view);
    const counts = countPicks(3, 1000, () => picker.pick());
    expect(Math.abs((counts[0] as number) - 600)).toBeLessThan(60);
    expect(Math.abs((counts[2] as number) - 100)).toBeLessThan(40);
  }
});
