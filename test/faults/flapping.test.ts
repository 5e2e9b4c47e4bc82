import { expect, it } from 'vitest';
import { fleet, settle, target } from '../support/fleet.ts';

const cooldown = { allowed_fails: 2, time: 2, window: 10 };
const periodMs = 5_000;
const everyMs = 100;

it('a target that flaps for a minute is never seen by a caller, and hardly called while it is down', async () => {
  const { ask, answers, clock, log, of } = fleet({
    strategy: { mode: 'fallback' },
    targets: [target('a', { cooldown }), target('b')],
  });
  const calls = { up: 0, down: 0 };
  const seen: unknown[] = [];
  for (let at = 0; at < 60_000; at += everyMs) {
    const isDown = Math.floor(at / periodMs) % 2 === 1;
    answers.a = isDown ? 503 : 200;
    const before = log.filter((name) => name === 'a').length;
    seen.push(await ask());
    calls[isDown ? 'down' : 'up'] += log.filter((name) => name === 'a').length - before;
    clock.advance(everyMs);
    await settle();
  }
  expect(seen.filter((name) => name !== 'a' && name !== 'b')).toEqual([]);
  // Six times down: three failures open it, then a probe now and then, 2 s and twice as long after each that fails.
  expect(calls.down).toBeLessThanOrEqual(6 * 5);
  // Of 300 calls while it is up it gets those after the probe that finds out.
  expect(calls.up).toBeGreaterThan(100);
  answers.a = 200;
  clock.advance(60_000);
  expect(await ask()).toBe('a');
  expect(of('a')).toMatchObject({ inFlight: 0 });
  clock.advance(60_000);
  expect(clock.pending).toBe(0);
});
