import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRecencyMap, type RecencyMap } from '../../src/core/recency-map.ts';
import { usedBytes } from '../support/used-bytes.ts';

it('keeps what was set or used last at its end', () => {
  const map = createRecencyMap<number>();
  for (const [index, key] of ['a', 'b', 'c', 'd'].entries()) map.set(key, index);
  map.get('a');
  map.use('b');
  map.set('a', 10);
  expect([...map.entries()]).toEqual([
    ['c', 2],
    ['d', 3],
    ['b', 1],
    ['a', 10],
  ]);
  expect([map.shift(), map.shift(), map.size]).toEqual([2, 3, 2]);
});

it('is read on when the entry at hand is deleted', () => {
  const map = createRecencyMap<number>();
  for (const key of ['a', 'b', 'c']) map.set(key, 1);
  for (const [key] of map.entries()) map.delete(key);
  expect([map.size, map.values(), map.shift()]).toEqual([0, [], undefined]);
});

type Model = Map<string, number>;
type Step = readonly [got: unknown, wanted: unknown];

const steps: Readonly<Record<string, (map: RecencyMap<number>, model: Model, key: string, index: number) => Step>> = {
  set(map, model, key, index) {
    model.delete(key);
    model.set(key, index);
    return [map.set(key, index), undefined];
  },
  use(map, model, key) {
    const value = model.get(key);
    if (value !== undefined) steps.set?.(createRecencyMap(), model, key, value);
    return [map.use(key), value];
  },
  delete(map, model, key) {
    const value = model.get(key);
    model.delete(key);
    return [map.delete(key), value];
  },
  shift(map, model) {
    const [first] = model;
    model.delete(first?.[0] ?? '');
    return [map.shift(), first?.[1]];
  },
  clear: (map, model) => [map.clear(), model.clear()],
};

it('does what a Map does in which a used entry is inserted anew', () => {
  const action = fc.record({
    kind: fc.constantFrom(...Object.keys(steps)),
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const map = createRecencyMap<number>();
      const model: Model = new Map();
      for (const [index, { kind, key }] of actions.entries()) {
        const [got, wanted] = steps[kind]?.(map, model, key, index) ?? [];
        expect(got).toBe(wanted);
        expect([...map.entries()]).toEqual([...model]);
        expect(map.values()).toEqual([...model.values()]);
        expect(map.size).toBe(model.size);
      }
    }),
  );
});

it('holds no more after a million uses than after a thousand', async () => {
  const map = createRecencyMap<{ readonly index: number }>();
  const fill = (times: number) => {
    for (let index = 0; index < times; index++) map.set(`key ${index % 100}`, { index });
  };
  fill(1000);
  const before = await usedBytes();
  fill(1_000_000);
  expect((await usedBytes()) - before).toBeLessThan(1024 * 1024);
});
