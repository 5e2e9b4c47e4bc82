import { expect, it } from 'vitest';
import { fleet, settle, target } from '../../support/fleet.ts';

const queue = { max_wait: 300 };

it('a request that failed with one target and waits for another keeps nobody back who has both before him', async () => {
  const { ask, answers, log } = fleet({
    strategy: { mode: 'fallback' },
    queue,
    targets: [target('a', { rpm: 1 }), target('b', { rpm: 100 })],
  });
  expect(await ask()).toBe('a');
  answers.b = 500;
  const waiting = ask();
  await settle();
  answers.b = 200;
  expect(await ask()).toBe('b');
  expect(log).toEqual(['a', 'b', 'b']);
  void waiting;
});

it('a request that waits for its branch of a conditional keeps nobody back who takes another', async () => {
  const { ask, log, clock } = fleet({
    strategy: { mode: 'fallback' },
    queue,
    targets: [
      {
        strategy: {
          mode: 'conditional',
          conditions: [{ query: { 'metadata.tier': { $eq: 'small' } }, then: 'a' }],
          default: 'b',
        },
        targets: [target('a', { rpm: 1 }), target('b', { rpm: 100 })],
      },
      target('c', { rpm: 1 }),
    ],
  });
  const small = { metadata: { tier: 'small' } };
  expect(await ask(small)).toBe('a');
  expect(await ask(small)).toBe('c');
  const waiting = ask(small);
  await settle();
  expect(await ask({ metadata: { tier: 'large' } })).toBe('b');
  clock.advance(60_000);
  await settle();
  expect(await waiting).toBe('a');
  expect(log).toEqual(['a', 'c', 'b', 'a']);
});
