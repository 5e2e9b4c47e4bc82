import fc from 'fast-check';
import { expect, it } from 'vitest';
import { weighted } from '../../../src/routing/algorithms/weighted.ts';

function countPicks(weights: readonly number[], picks: number, offset: number): number[] {
  const picker = weighted(weights, () => offset);
  const counts = weights.map(() => 0);
  for (let i = 0; i < picks; i++) counts[picker.pick() as number]!++;
  return counts;
}

it.each([0, 0.25, 0.5, 0.999])(
  'gives weights 6, 6, 1440 exactly their share of 1452 picks, from offset %d',
  (offset) => {
    expect(countPicks([6, 6, 1440], 1452, offset)).toEqual([6, 6, 1440]);
  },
);

it('gives 0.7/0.3 exactly 700/300 of 1000', () => {
  expect(countPicks([0.7, 0.3], 1000, 0.4)).toEqual([700, 300]);
});

it('gives 0.7/0.2/0.1 exactly their share of every 50 picks, from any offset', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (offset) => {
      const picker = weighted([0.7, 0.2, 0.1], () => offset);
      for (let cycle = 0; cycle < 4; cycle++) {
        const counts = [0, 0, 0];
        for (let i = 0; i < 50; i++) counts[picker.pick() as number]!++;
        expect(counts).toEqual([35, 10, 5]);
      }
    }),
  );
});

it('keeps every run of n picks within 1 of its share of two weights, from any offset', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 99 }), (offset, percent) => {
      const picker = weighted([percent, 100 - percent], () => offset);
      let first = 0;
      for (let n = 1; n <= 400; n++) {
        if (picker.pick() === 0) first++;
        expect(Math.abs(first - (n * percent) / 100)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

it('spreads the start of many processes over all children', () => {
  const firsts = Array.from({ length: 100 }, (_, i) => weighted([1, 1, 1, 1], () => i / 100).pick());
  expect(new Set(firsts).size).toBeGreaterThan(1);
});

it('never picks weight 0, and nothing when all others are to be avoided', () => {
  const picker = weighted([0, 1, 2], () => 0);
  const picks = Array.from({ length: 30 }, () => picker.pick());
  expect(picks.filter((index) => index === 0)).toEqual([]);
  expect(picker.pick(new Set([1, 2]))).toBeUndefined();
});

it('passes over children to avoid without taking their later turns', () => {
  const picker = weighted([1, 1], () => 0);
  expect([picker.pick(new Set([0])), picker.pick(new Set([0]))]).toEqual([1, 1]);
  expect([picker.pick(), picker.pick()]).toEqual([0, 0]);
});

it('serves 10,000 children in turn', () => {
  const counts = countPicks(new Array(10_000).fill(1), 20_000, 0.3);
  expect(Math.min(...counts)).toBe(2);
  expect(Math.max(...counts)).toBe(2);
});
