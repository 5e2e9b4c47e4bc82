import { expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { usage } from '../../../src/routing/algorithms/usage.ts';
import { countPicks, fakeChildren, seeded } from '../../support/children-view.ts';
import { fleet, target } from '../../support/fleet.ts';

it('picks who has used the least part of its limits, for its weight', () => {
  const view = fakeChildren(3);
  const picker = usage([1, 1, 2], seeded(1), view);
  view.used.splice(0, 3, 0.5, 0.3, 0.5);
  expect(picker.pick()).toBe(2);
  view.used[2] = 0.7;
  expect(picker.pick()).toBe(1);
  view.shares[1] = 0;
  expect(picker.pick()).toBe(2);
});

it('compares the tokens of the last minute where no limits do, and leaves the rest to chance', () => {
  const view = fakeChildren(3);
  const picker = usage([1, 1, 1], seeded(1), view);
  view.tokens.splice(0, 3, 90, 80, 100);
  expect(picker.pick()).toBe(1);
  view.tokens.fill(0);
  for (const count of countPicks(3, 3000, () => picker.pick())) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

const balance = (targets: readonly Config[], more: object = {}): Config => ({
  strategy: { mode: 'loadbalance', algorithm: 'usage' },
  targets,
  ...more,
});

it('fills limits of different size evenly, counted when calls are sent, whatever holds for all of them', async () => {
  const { ask, answers, log } = fleet(balance([target('a', { rpm: 10 }), target('b', { rpm: 40 })], { rpm: 60 }));
  answers.a = 'silent';
  answers.b = 'silent';
  for (let i = 0; i < 25; i++) void ask();
  await new Promise((resolve) => setImmediate(resolve));
  expect([log.filter((name) => name === 'a').length, log.length]).toEqual([5, 25]);
});

it('sends calls without limits to who had the fewest tokens, and forgets them after a minute', async () => {
  const { ask, clock, log } = fleet(balance([target('a'), target('b')]), { random: seeded(2) });
  await ask({}, {}, { max_tokens: 1000 });
  const first = log[0];
  for (let i = 0; i < 10; i++) expect(await ask({}, {}, { max_tokens: 100 })).not.toBe(first);
  await ask({}, {}, { max_tokens: 100 });
  expect(log.at(-1)).toBe(first);
  clock.advance(60_000);
  log.length = 0;
  for (let i = 0; i < 4; i++) await ask({}, {}, { max_tokens: 100 });
  expect([...log].sort().join('')).toBe('aabb');
});

it('looks past a limit of all below at what sets nodes apart', async () => {
  const node = (name: string, rpm: number): Config => ({
    strategy: { mode: 'fallback' },
    targets: [target(name)],
    rpm,
  });
  const { ask, log } = fleet(balance([node('a', 2), node('b', 8)], { rpm: 20 }), { random: seeded(2) });
  for (let i = 0; i < 10; i++) await ask();
  expect(log.filter((name) => name === 'a')).toHaveLength(2);
});
