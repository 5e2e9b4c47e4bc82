import { expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { rateLimitAware } from '../../../src/routing/algorithms/rate-limit-aware.ts';
import { countPicks, fakeChildren, seeded } from '../../support/children-view.ts';
import { fleet, target } from '../../support/fleet.ts';

it('picks of those with room the one with the most of it left', () => {
  const view = fakeChildren(3);
  const picker = rateLimitAware([1, 1, 1], seeded(1), view);
  view.used.splice(0, 3, 0.5, 0.3, 0.1);
  expect(picker.pick()).toBe(2);
  view.shares[2] = 0;
  expect(picker.pick()).toBe(1);
  expect(picker.pick(new Set([1]))).toBe(0);
});

it('takes turns among equals, each picked longest ago', () => {
  const view = fakeChildren(5);
  const picker = rateLimitAware([1, 1, 1, 1, 1], seeded(1), view);
  const round = Array.from({ length: 5 }, () => picker.pick());
  expect([...round].sort()).toEqual([0, 1, 2, 3, 4]);
  for (let i = 0; i < 3; i++) expect(Array.from({ length: 5 }, () => picker.pick())).toEqual(round);
});

it('is nearly as even among many', () => {
  const view = fakeChildren(50);
  const picker = rateLimitAware(new Array(50).fill(1), seeded(1), view);
  for (const count of countPicks(50, 5000, () => picker.pick())) expect(Math.abs(count - 100)).toBeLessThan(20);
});

it('refuses with what the target says that has room soonest when none has it now', async () => {
  const limited = (name: string, seconds: number): Config =>
    target(name, { rate_limit: { requests: 1, per: `${seconds}s` } });
  for (const algorithm of ['rate_limit_aware', 'weighted', 'least_busy'] as const) {
    const { ask } = fleet({
      strategy: { mode: 'loadbalance', algorithm, failover: false },
      targets: [limited('a', 30), limited('b', 7), limited('c', 20)],
    });
    for (let i = 0; i < 3; i++) await ask();
    expect(await ask()).toEqual({ status: 429, name: 'CapacityError', retryAfter: '7' });
  }
});
