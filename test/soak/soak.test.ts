import { expect, it } from 'vitest';
import { soak } from './soak.ts';

it('two instances, one killed in the middle, lose no request but those it had in flight', async () => {
  const { sent, answered, aborted, killed, lost, calls, logged, restingHandles, usage } = await soak(12);
  expect(lost).toEqual([]);
  expect(answered + aborted + killed).toBe(sent);
  expect(answered).toBeGreaterThan(50);
  expect(killed).toBeLessThanOrEqual(8);
  expect(calls).toBeGreaterThan(answered - 1);
  // What the killed one had not yet written is gone with it.
  expect(logged).toBeGreaterThan(answered / 2);
  expect(usage).toHaveLength(3);
  // A program, its log, its connections to Redis: nothing of the traffic is left open.
  for (const handles of restingHandles) expect(handles).toBeLessThan(60);
});
