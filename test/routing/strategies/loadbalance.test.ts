import { expect, it } from 'vitest';
import { weighted } from '../../../src/routing/algorithms/weighted.ts';
import { retry } from '../../../src/routing/middleware/retry.ts';
import { loadbalance } from '../../../src/routing/strategies/loadbalance.ts';
import { answerOf, chatRequest, fakeChild, type Step, testContext, testRuntime } from '../../support/engine.ts';

function balance(
  targets: Record<string, { readonly weight?: number; readonly steps?: readonly Step[] }>,
  failover = false,
) {
  const log: string[] = [];
  const children = Object.entries(targets).map(([name, { weight = 1, steps = ['ok'] as readonly Step[] }]) =>
    fakeChild(name, steps, log, { weight }),
  );
  const picker = weighted(
    children.map((child) => child.weight),
    () => 0,
  );
  return { log, handler: loadbalance(children, { path: 'config', picker, failover }) };
}

it('shares requests by weight', async () => {
  const { handler, log } = balance({ a: { weight: 0.9 }, b: { weight: 0.1 } });
  for (let i = 0; i < 100; i++) await handler(chatRequest(), testContext());
  expect(log.filter((name) => name === 'a')).toHaveLength(90);
});

it('does not try a sibling when the picked one fails', async () => {
  const { handler, log } = balance({ a: { steps: [500] }, b: { weight: 0 } });
  await expect(handler(chatRequest(), testContext())).rejects.toMatchObject({ status: 500 });
  expect(log).toEqual(['a']);
});

it('tries every sibling once with failover, and gives the last error', async () => {
  const { handler, log } = balance(
    { a: { steps: [500] }, b: { steps: [503] }, c: { steps: [429], weight: 0.5 } },
    true,
  );
  await expect(handler(chatRequest(), testContext())).rejects.toMatchObject({ status: expect.any(Number) });
  expect([...log].sort()).toEqual(['a', 'b', 'c']);
});

it('never falls over to a target of weight 0', async () => {
  const { handler, log } = balance({ a: { steps: [500] }, b: { weight: 0 } }, true);
  await expect(handler(chatRequest(), testContext())).rejects.toMatchObject({ status: 500 });
  expect(log).toEqual(['a']);
});

it('picks another child on each try of a retrying node, coming back only when all were tried', async () => {
  const { runtime, clock } = testRuntime();
  const { handler, log } = balance({ a: { weight: 100, steps: [500] }, b: { steps: [500] } });
  const policy = { attempts: 3, onStatusCodes: [500], useRetryAfterHeader: false, maxWaitMs: 60_000, perError: {} };
  const answer = retry(policy, { path: 'config', picksAgain: true }, runtime)(handler)(chatRequest(), testContext());
  const settled = answer.catch(() => 'failed');
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
    clock.advance(20_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await settled).toBe('failed');
  expect(log).toEqual(['a', 'b', 'a', 'b']);
});

it('answers with what the picked child answers', async () => {
  expect(await answerOf(balance({ a: {} }).handler(chatRequest(), testContext()))).toBe('a');
});
