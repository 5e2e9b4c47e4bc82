import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFailureLog } from '../../../src/routing/state/failure-log.ts';
import { createMovingAverage } from '../../../src/routing/state/moving-average.ts';
import { createOutcomeTally } from '../../../src/routing/state/outcome-tally.ts';
import { createTargetStates } from '../../../src/routing/state/target-states.ts';

it('counts failures of any window exactly, up to as many as were asked for', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 500 }), (steps, entries, windowMs) => {
      const log = createFailureLog();
      log.reserve(entries);
      const times: number[] = [];
      let now = 0;
      for (const step of steps) {
        now += step;
        log.add(now);
        times.push(now);
        const inWindow = times.filter((time) => time > now - windowMs).length;
        expect(log.countSince(now - windowMs)).toBe(Math.min(inWindow, entries));
      }
    }),
  );
});

it('counts the outcomes of a window, forgetting a twentieth of it at a time', () => {
  const tally = createOutcomeTally(1000);
  for (let now = 5000; now < 6000; now += 10) tally.add(now, now % 40 === 0);
  expect(tally.totals(5990)).toEqual({ requests: 100, failures: 25 });
  expect(tally.totals(6490).requests).toBe(50);
  expect(tally.totals(7000)).toEqual({ requests: 0, failures: 0 });
  tally.add(100_000, true);
  expect(tally.totals(100_000)).toEqual({ requests: 1, failures: 1 });
  tally.clear();
  expect(tally.totals(100_000)).toEqual({ requests: 0, failures: 0 });
});

it('moves an average by a tenth at least, and almost wholly after a long silence', () => {
  const average = createMovingAverage();
  expect(average.estimate()).toBeUndefined();
  average.add(0, 100);
  average.add(0, 200);
  expect(average.estimate()).toEqual({ ms: 110, at: 0 });
  average.add(100_000, 500);
  expect(average.estimate()?.ms).toBeGreaterThan(499);
});

it('shares a target’s state between its places, and forgets those compiled longest ago', () => {
  const states = createTargetStates();
  const first = states.at('a', { path: 'config', provider: 'openai' });
  expect(states.at('a', { path: 'config.targets[1]', provider: 'openai' })).toBe(first);
  expect([...first.paths]).toEqual(['config', 'config.targets[1]']);
  for (let i = 0; i < 20_000; i++) states.at(`t${i}`, { path: 'config', provider: '' });
  expect(states.snapshot(0)).toHaveLength(20_000);
  expect(states.at('a', { path: 'config', provider: 'openai' })).not.toBe(first);
});
