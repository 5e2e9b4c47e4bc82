import { expect, it } from 'vitest';
import { random } from '../../../src/routing/algorithms/random.ts';

function pickAt(weights: readonly number[], chance: number, avoid?: ReadonlySet<number>) {
  return random(weights, () => chance).pick(avoid);
}

it.each([
  [0, 0],
  [0.4999, 0],
  [0.5, 1],
  [0.7999, 1],
  [0.8, 2],
  [0.9999, 2],
])('draws %d of weights 5, 3, 2 as child %d', (chance, index) => {
  expect(pickAt([5, 3, 2], chance)).toBe(index);
});

it.each([0, 0.3, 0.999])('never draws weight 0 (chance %d)', (chance) => {
  expect(pickAt([0, 1, 0], chance)).toBe(1);
});

it('draws among the rest when some are to be avoided, and nothing when none is left', () => {
  expect(pickAt([5, 3, 2], 0.59, new Set([0]))).toBe(1);
  expect(pickAt([5, 3, 2], 0.61, new Set([0]))).toBe(2);
  expect(pickAt([5, 3], 0.5, new Set([0, 1]))).toBeUndefined();
});
