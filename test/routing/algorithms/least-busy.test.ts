import { expect, it } from 'vitest';
import { leastBusy } from '../../../src/routing/algorithms/least-busy.ts';
import { countPicks, fakeChildren, seeded } from '../../support/children-view.ts';

it.each<[string, readonly number[], readonly number[], number]>([
  ['the idlest', [1, 1, 1], [3, 1, 2], 1],
  ['in flight for the weight: (3 + 1) / 4 beats (1 + 1) / 1', [4, 1], [3, 1], 0],
  ['never weight 0', [0, 1], [0, 9], 1],
])('picks %s', (_, weights, loads, expected) => {
  const view = fakeChildren(weights.length);
  loads.forEach((load, index) => {
    view.loads[index] = load;
  });
  expect(leastBusy(weights, seeded(1), view).pick()).toBe(expected);
});

it('breaks ties by headroom, then evenly by chance, not by index', () => {
  const view = fakeChildren(4);
  const picker = leastBusy([1, 1, 1, 1], seeded(7), view);
  const even = countPicks(4, 4000, () => picker.pick());
  for (const count of even) expect(Math.abs(count - 1000)).toBeLessThan(120);
  view.rooms.splice(0, 4, 2, 5, 3, 5);
  const [first, second = 0, third, fourth = 0] = countPicks(4, 1000, () => picker.pick());
  expect([first, third]).toEqual([0, 0]);
  expect(Math.abs(second - fourth)).toBeLessThan(120);
});

it('takes less for a child that recovers', () => {
  const view = fakeChildren(2);
  view.shares[0] = 0.1;
  view.loads[1] = 8;
  expect(leastBusy([1, 1], seeded(1), view).pick()).toBe(1);
  view.loads[1] = 10;
  expect(leastBusy([1, 1], seeded(1), view).pick()).toBe(0);
});

it('keeps 100 children even by comparing two', () => {
  const view = fakeChildren(100);
  const picker = leastBusy(new Array(100).fill(1), seeded(5), view);
  for (let i = 0; i < 10_000; i++) {
    const index = picker.pick() as number;
    view.loads[index] = (view.loads[index] as number) + 1;
  }
  expect(Math.max(...view.loads) - Math.min(...view.loads)).toBeLessThan(12);
});
