import { expect, it } from 'vitest';
import { harvest } from '../../support/harvest.ts';

const tenKeys = { keys: 10, callsPerKey: 10, rate: 100, arrivals: 'paced', seconds: 60 } as const;

it('carries 100 calls a second with 10 keys of 10 a second: 600 for each, none refused, none waits', async () => {
  const { callsOfKey, refusedUpstream, outcomes, waitsMs } = await harvest(tenKeys);
  expect(outcomes).toEqual({ ok: 6000 });
  expect(callsOfKey).toEqual(new Array(10).fill(600));
  expect(refusedUpstream).toBe(0);
  expect(waitsMs.at(-1)).toBe(0);
});

it('gives a key that is refused up after one call, and carries 90 a second with the others', async () => {
  const { callsOfKey, refusedUpstream, outcomes } = await harvest({ ...tenKeys, rate: 90, deadKey: 3 });
  expect(outcomes).toEqual({ ok: 5400 });
  expect(callsOfKey[3]).toBe(1);
  expect(callsOfKey.filter((_, key) => key !== 3)).toEqual(new Array(9).fill(600));
  expect(refusedUpstream).toBe(0);
});

it.each([1, 2, 3])(
  'has no call refused of 80 a second at random with 30 ms of jitter and a margin of 3 % (seed %i)',
  async (seed) => {
    const { refusedUpstream, outcomes } = await harvest({
      ...tenKeys,
      rate: 80,
      arrivals: 'poisson',
      seconds: 20,
      jitterMs: 30,
      safetyMargin: 0.03,
      seed,
    });
    expect(refusedUpstream).toBe(0);
    expect(Object.keys(outcomes)).toEqual(['ok']);
  },
);

it('answers beyond what the keys carry with a bounded wait and then a refusal of its own, never with one of the provider', async () => {
  const { refusedUpstream, outcomes, waitsMs } = await harvest({ ...tenKeys, rate: 150, seconds: 10, maxWait: 2 });
  expect(refusedUpstream).toBe(0);
  expect(Object.keys(outcomes).sort()).toEqual(['QueueTimeoutError', 'ok']);
  expect(outcomes.ok).toBeGreaterThanOrEqual(1200);
  expect(waitsMs.at(-1)).toBeLessThanOrEqual(2000);
});
