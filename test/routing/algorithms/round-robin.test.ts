import { expect, it } from 'vitest';
import { roundRobin } from '../../../src/routing/algorithms/round-robin.ts';
import { fakeChildren } from '../../support/children-view.ts';

it('goes in turn whatever the weights, leaving out 0', () => {
  const picker = roundRobin([5, 0, 1, 2], () => 0);
  expect(Array.from({ length: 7 }, () => picker.pick())).toEqual([0, 2, 3, 0, 2, 3, 0]);
});

it.each([
  [0.1, 0],
  [0.5, 2],
  [0.9, 3],
])('starts by chance (%d)', (chance, first) => {
  expect(roundRobin([1, 0, 1, 1], () => chance).pick()).toBe(first);
});

it('goes on after the one it picked when others were passed over', () => {
  const view = fakeChildren(3);
  const picker = roundRobin([1, 1, 1], () => 0, view);
  view.shares[0] = 0;
  expect([picker.pick(), picker.pick(), picker.pick()]).toEqual([1, 2, 1]);
  view.shares[0] = 1;
  expect([picker.pick(new Set([2])), picker.pick()]).toEqual([0, 1]);
});
