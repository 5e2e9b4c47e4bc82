import { expect, it } from 'vitest';
import { latency } from '../../../src/routing/algorithms/latency.ts';
import { countPicks, fakeChildren, seeded } from '../../support/children-view.ts';
import { chatRequest, testContext } from '../../support/engine.ts';

const whole = chatRequest();
const streamed = chatRequest({ model: 'm', messages: [], stream: true });

it('picks the soonest expected answer, with what is in flight and the weight', () => {
  const view = fakeChildren(3);
  const picker = latency([1, 1, 2], seeded(1), view);
  view.whole.splice(0, 3, { ms: 100, at: 0 }, { ms: 300, at: 0 }, { ms: 300, at: 0 });
  expect(picker.pick(undefined, whole, testContext())).toBe(0);
  view.loads[0] = 1;
  expect(picker.pick(undefined, whole, testContext())).toBe(2);
  view.loads[2] = 3;
  view.loads[0] = 6;
  expect(picker.pick(undefined, whole, testContext())).toBe(1);
});

it('tells streams from whole replies', () => {
  const view = fakeChildren(2);
  const picker = latency([1, 1], seeded(1), view);
  view.whole.splice(0, 2, { ms: 100, at: 0 }, { ms: 900, at: 0 });
  view.streamed.splice(0, 2, { ms: 90, at: 0 }, { ms: 10, at: 0 });
  expect(picker.pick(undefined, whole, testContext())).toBe(0);
  expect(picker.pick(undefined, streamed, testContext())).toBe(1);
});

it('starts a new child at the median of its peers', () => {
  const view = fakeChildren(4);
  const picker = latency([1, 1, 1, 1], seeded(1), view);
  view.whole.splice(0, 3, { ms: 100, at: 0 }, { ms: 200, at: 0 }, { ms: 900, at: 0 });
  expect(picker.pick(new Set([0]), whole, testContext())).not.toBe(2);
  view.loads[1] = 1;
  expect(picker.pick(new Set([0]), whole, testContext())).toBe(3);
});

it('lets what was measured fade to the median without traffic, so that a slow child is tried again', () => {
  const view = fakeChildren(3);
  const picker = latency([1, 1, 1], seeded(1), view);
  view.whole.splice(0, 3, { ms: 5000, at: 0 }, { ms: 100, at: 0 }, { ms: 120, at: 0 });
  view.loads.splice(0, 3, 0, 2, 2);
  expect(picker.pick(undefined, whole, testContext())).toBe(1);
  view.time = 60_000;
  expect(picker.pick(undefined, whole, testContext())).toBe(0);
});

it('spreads evenly while nothing was measured', () => {
  const view = fakeChildren(3);
  const picker = latency([1, 1, 1], seeded(2), view);
  for (const count of countPicks(3, 3000, () => picker.pick(undefined, whole, testContext())))
    expect(Math.abs(count - 1000)).toBeLessThan(120);
});

it('does not herd: fast replicas share evenly, one six times slower gets little but is tried now and then', () => {
  const view = fakeChildren(4);
  const picker = latency([1, 1, 1, 1], seeded(4), view);
  const serviceMs = [100, 100, 100, 600];
  const counts = [0, 0, 0, 0];
  const ends: { readonly at: number; readonly index: number }[] = [];
  for (let i = 0; i < 4000; i++) {
    view.time = i * 10;
    for (const end of ends.splice(0).filter((end) => end.at > view.time || finish(end.index))) ends.push(end);
    const index = picker.pick(undefined, whole, testContext()) as number;
    counts[index] = (counts[index] ?? 0) + 1;
    view.loads[index] = (view.loads[index] ?? 0) + 1;
    ends.push({ at: view.time + (serviceMs[index] ?? 0), index });
  }
  function finish(index: number): boolean {
    view.loads[index] = (view.loads[index] ?? 0) - 1;
    view.whole[index] = { ms: serviceMs[index] ?? 0, at: view.time };
    return false;
  }
  const [a = 0, b = 0, c = 0, slow = 0] = counts;
  for (const fast of [a, b, c]) expect(fast).toBeGreaterThan(1000);
  expect(slow).toBeGreaterThanOrEqual(3);
  expect(slow).toBeLessThan(200);
});
