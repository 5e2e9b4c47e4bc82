import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createVectorIndex } from '../../../../src/routing/middleware/cache/vector-index.ts';

const vector = (...numbers: number[]) => Float32Array.from(numbers);
const never = Number.POSITIVE_INFINITY;

it('finds the nearest of a space, whatever the lengths of vectors', () => {
  const index = createVectorIndex();
  index.add('s', { key: 'east', vector: vector(5, 0), expiresAt: never });
  index.add('s', { key: 'north', vector: vector(0, 0.1), expiresAt: never });
  index.add('other', { key: 'north-east', vector: vector(1, 1), expiresAt: never });
  expect(index.nearest('s', vector(3, 2), 0.8, 0)).toBe('east');
  expect(index.nearest('s', vector(2, 3), 0.8, 0)).toBe('north');
  expect(index.nearest('s', vector(1, 1), 0.8, 0)).toBeUndefined();
  expect(index.nearest('nowhere', vector(1, 1), 0.1, 0)).toBeUndefined();
});

it('takes a vector for its own nearest at a threshold of 1', () => {
  const index = createVectorIndex();
  fc.assert(
    fc.property(fc.float32Array({ minLength: 3, maxLength: 64, noNaN: true, min: -1e6, max: 1e6 }), (numbers) => {
      fc.pre(Math.hypot(...numbers) > 1e-3);
      index.add(`of ${numbers.length}`, { key: 'k', vector: numbers, expiresAt: never });
      expect(index.nearest(`of ${numbers.length}`, numbers, 1, 0)).toBe('k');
    }),
  );
});

it('passes over what has expired, is removed, has no direction or another length', () => {
  const index = createVectorIndex();
  index.add('s', { key: 'old', vector: vector(1, 0), expiresAt: 100 });
  index.add('s', { key: 'gone', vector: vector(1, 0), expiresAt: never });
  index.add('s', { key: 'nothing', vector: vector(0, 0), expiresAt: never });
  index.remove('s', 'gone');
  expect(index.nearest('s', vector(1, 0), 0.5, 99)).toBe('old');
  expect(index.nearest('s', vector(1, 0), 0.5, 100)).toBeUndefined();
  expect(index.nearest('s', vector(1, 0, 0), 0.5, 0)).toBeUndefined();
  expect(index.nearest('s', vector(0, 0), 0.5, 0)).toBeUndefined();
  index.add('s', { key: 'gone', vector: vector(1, 0), expiresAt: never });
  expect(index.nearest('s', vector(1, 0), 0.5, 100)).toBe('gone');
});

it('begins a space anew when vectors of another length come', () => {
  const index = createVectorIndex();
  index.add('s', { key: 'a', vector: vector(1, 0), expiresAt: never });
  index.add('s', { key: 'b', vector: vector(1, 0, 0), expiresAt: never });
  expect([index.nearest('s', vector(1, 0), 0.5, 0), index.nearest('s', vector(1, 0, 0), 0.5, 0)]).toEqual([
    undefined,
    'b',
  ]);
});

it('lets the oldest vector of a full space go, one used again stays where it is', () => {
  const index = createVectorIndex({ maxVectors: 3 });
  const along = (axis: number) => Float32Array.from({ length: 5 }, (_, at) => (at === axis ? 1 : 0));
  const found = () => [0, 1, 2, 3, 4].map((axis) => index.nearest('s', along(axis), 0.9, 0));
  for (const axis of [0, 1, 2]) index.add('s', { key: `k${axis}`, vector: along(axis), expiresAt: never });
  index.add('s', { key: 'k1', vector: along(1), expiresAt: never });
  expect(found()).toEqual(['k0', 'k1', 'k2', undefined, undefined]);
  for (const axis of [3, 4]) index.add('s', { key: `k${axis}`, vector: along(axis), expiresAt: never });
  expect(found()).toEqual([undefined, undefined, 'k2', 'k3', 'k4']);
});

it('lets the space unused for longest go when it is full', () => {
  const index = createVectorIndex({ maxBytes: 8000 });
  const numbers = new Float32Array(100).fill(1);
  const add = (space: string) => index.add(space, { key: 'k', vector: numbers, expiresAt: never });
  add('a');
  add('b');
  index.nearest('a', numbers, 0.5, 0);
  add('c');
  expect(['a', 'b', 'c'].filter(index.has)).toEqual(['a', 'c']);
});

it('never holds more than its budget', () => {
  const maxBytes = 20_000;
  const index = createVectorIndex({ maxBytes });
  const numbers = new Float32Array(100).fill(1);
  for (let i = 0; i < 500; i++) {
    index.add(`s${i % 7}`, { key: `k${i}`, vector: numbers, expiresAt: never });
    index.nearest('s0', numbers, 0.5, 0);
    expect(index.bytes).toBeLessThanOrEqual(maxBytes);
  }
});

it('keeps nothing that is larger than all of the budget', () => {
  const index = createVectorIndex({ maxBytes: 1000 });
  index.add('s', { key: 'k', vector: new Float32Array(1000).fill(1), expiresAt: never });
  expect([index.bytes, index.has('s')]).toEqual([0, false]);
});
