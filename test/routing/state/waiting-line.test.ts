import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWaitingLine } from '../../../src/routing/state/waiting-line.ts';

const item = (rank: number, order: number) => ({ rank, order, position: -1 });

it('takes the lowest rank first, of equals who came first', () => {
  const line = createWaitingLine<ReturnType<typeof item>>();
  for (const [order, rank] of [10, 0, 5, 0].entries()) line.add(item(rank, order));
  expect(line.last()).toMatchObject({ rank: 10 });
  const taken: unknown[] = [];
  for (let first = line.first(); first !== undefined; first = line.first()) {
    taken.push([first.rank, first.order]);
    expect(line.remove(first)).toBe(true);
    expect(line.remove(first)).toBe(false);
  }
  expect(taken).toEqual([
    [0, 1],
    [0, 3],
    [5, 2],
    [10, 0],
  ]);
  expect(line.last()).toBeUndefined();
});

it('keeps the order whoever leaves', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.option(fc.nat(), { freq: 2 }))), (steps) => {
      const line = createWaitingLine<ReturnType<typeof item>>();
      let waiting: ReturnType<typeof item>[] = [];
      for (const [order, [rank, leaver]] of steps.entries()) {
        const one = item(rank, order);
        line.add(one);
        waiting.push(one);
        const leaving = leaver === null ? undefined : waiting[leaver % waiting.length];
        if (leaving !== undefined) {
          line.remove(leaving);
          waiting = waiting.filter((each) => each !== leaving);
        }
        const sorted = waiting.toSorted((a, b) => a.rank - b.rank || a.order - b.order);
        expect(line.size).toBe(sorted.length);
        expect(line.first()).toBe(sorted[0]);
        expect(line.last()).toBe(sorted.at(-1));
      }
    }),
  );
});
