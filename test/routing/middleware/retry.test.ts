import { expect, it } from 'vitest';
import { defaultRetryStatusCodes, type RetryPolicy, retry } from '../../../src/routing/middleware/retry.ts';
import { retryDelayMs } from '../../../src/routing/middleware/retry-delay.ts';
import { createRetryBudget } from '../../../src/routing/state/retry-budget.ts';
import { chatRequest, failure, fakeTarget, type Step, testContext, testRuntime } from '../../support/engine.ts';

const standard: RetryPolicy = {
  attempts: 2,
  onStatusCodes: defaultRetryStatusCodes,
  useRetryAfterHeader: false,
  maxWaitMs: 60_000,
  perError: {},
};

/** Runs a target through a retry; the result tells each call's time since the start, and how it ended. */
async function run(steps: readonly Step[], policy: Partial<RetryPolicy> = {}, deadlineMs?: number) {
  const { runtime, clock, events } = testRuntime({ random: () => 0.999999999 });
  const start = clock.now();
  const times: number[] = [];
  const waits: number[] = [];
  events.on('retry', ({ delayMs }) => waits.push(Math.round(delayMs)));
  const target = fakeTarget('a', steps);
  const handler = retry(
    { ...standard, ...policy },
    { path: 'config', picksAgain: false },
    runtime,
  )((request, context) => {
    times.push(Math.round(clock.now() - start));
    return target(request, context);
  });
  const context = testContext(deadlineMs === undefined ? {} : { deadline: start + deadlineMs });
  const ended = handler(chatRequest(), context).then(
    (reply) => ({ retries: reply.retries }),
    (error) => ({ status: error.status }),
  );
  for (let i = 0; i < 30; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (clock.pending > 0) clock.advance(250);
    else if (i > 3) break;
  }
  while (clock.pending > 0) {
    clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { times, waits, ended: await ended, pending: clock.pending };
}

it('waits 1, 2, 4, 8, 16 and again 16 s', async () => {
  const { waits, ended } = await run([500], { attempts: 6 });
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 16_000]);
  expect(ended).toEqual({ status: 500 });
});

it.each([429, 500, 502, 503, 504, 529, 0])('retries %d by default', async (status) => {
  const { times, ended } = await run([status, 'ok']);
  expect([times.length, ended]).toEqual([2, { retries: 1 }]);
});

it.each([400, 401, 404, 408, 422])('does not retry %d by default', async (status) => {
  expect((await run([status, 'ok'])).times).toHaveLength(1);
});

it.each<[string, Partial<RetryPolicy>, readonly Step[], number]>([
  ['a listed status', { onStatusCodes: [408] }, [408, 'ok'], 2],
  ['connection errors whatever the list', { onStatusCodes: [] }, [0, 'ok'], 2],
  ['no status when the list is empty', { onStatusCodes: [] }, [500, 'ok'], 1],
  ['an empty account never', {}, [{ status: 429, kind: 'billing' }, 'ok'], 1],
  ['a kind by its own count', { attempts: 0, perError: { rate_limit: 3 } }, [429, 429, 429, 'ok'], 4],
  ['a kind with count 0 never', { perError: { rate_limit: 0 } }, [429, 'ok'], 1],
  ['the caller who left never', {}, [{ kind: 'aborted' }, 'ok'], 1],
])('retries %s', async (_, policy, steps, calls) => {
  expect((await run(steps, policy)).times).toHaveLength(calls);
});

it.each<[string, Record<string, string>, number]>([
  ['seconds', { 'retry-after': '2' }, 2000],
  ['fractions of a second', { 'retry-after': '0.5' }, 500],
  ['a date', { 'retry-after': new Date(1_003_000).toUTCString() }, 3000],
  ['milliseconds', { 'retry-after-ms': '1500' }, 1500],
  ['Azure milliseconds', { 'x-ms-retry-after-ms': '700' }, 700],
  ['milliseconds before seconds', { 'retry-after': '9', 'retry-after-ms': '100' }, 100],
  ['zero: at once', { 'retry-after': '0' }, 0],
  ['nonsense: the usual wait', { 'retry-after': 'soon' }, 1000],
])('follows retry-after in %s', async (_, headers, waitMs) => {
  for (const status of [429, 503]) {
    expect((await run([{ status, headers }, 'ok'], { useRetryAfterHeader: true })).waits).toEqual([waitMs]);
  }
});

it('follows the latest header each time', async () => {
  const steps = [
    { status: 429, headers: { 'retry-after': '1' } },
    { status: 429, headers: { 'retry-after': '4' } },
    'ok',
  ] as const;
  expect((await run(steps, { useRetryAfterHeader: true })).waits).toEqual([1000, 4000]);
});

it('ignores the header unless asked, and on other statuses', async () => {
  const headers = { 'retry-after': '9' };
  expect((await run([{ status: 429, headers }, 'ok'])).waits).toEqual([1000]);
  expect((await run([{ status: 500, headers }, 'ok'], { useRetryAfterHeader: true })).waits).toEqual([1000]);
});

it('gives up at once on a wait beyond 60 s', async () => {
  const { times } = await run([{ status: 429, headers: { 'retry-after': '61' } }, 'ok'], { useRetryAfterHeader: true });
  expect(times).toHaveLength(1);
});

it('gives up at once on a wait beyond the deadline', async () => {
  expect((await run([500, 'ok'], {}, 900)).times).toHaveLength(1);
  expect((await run([500, 'ok'], {}, 1100)).times).toHaveLength(2);
});

it('stops waiting when the caller leaves', async () => {
  const { runtime, clock } = testRuntime();
  const controller = new AbortController();
  const handler = retry(standard, { path: 'config', picksAgain: false }, runtime)(fakeTarget('a', [500]));
  const answer = handler(chatRequest(), testContext({ signal: controller.signal }));
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error('left'));
  await expect(answer).rejects.toThrow('left');
  expect(clock.pending).toBe(0);
});

it('waits as its own backoff says', async () => {
  const backoff = { initialMs: 100, factor: 3, maxMs: 500, jitter: 0 };
  const { waits } = await run([500], { attempts: 4, backoff });
  expect(waits).toEqual([100, 300, 500, 500]);
});

it('takes away from a wait at most the part that its jitter says', async () => {
  const backoff = { initialMs: 1000, factor: 1, maxMs: 1000, jitter: 0.25 };
  const { waits } = await run([500], { attempts: 1, backoff });
  expect(waits).toEqual([1000]);
  const options = { useHeader: false, backoff, chance: 0, nowMs: 0 };
  expect(retryDelayMs(failure(500), 0, options)).toBe(750);
});

it('stops at once when the budget of all calls is used up, and counts only tries that are made', async () => {
  const budget = createRetryBudget({ ratio: 2, minPerSecond: 0 });
  expect((await run([500], { attempts: 5, budget })).times).toHaveLength(3);
  expect((await run([400], { attempts: 5, budget })).times).toHaveLength(1);
  expect((await run([500, 'ok'], { attempts: 5, budget })).ended).toEqual({ retries: 1 });
});

it('does not try again where a budget is spent', async () => {
  const { times } = await run([{ status: 429, kind: 'budget' }, 'ok'], { attempts: 5 });
  expect(times).toHaveLength(1);
});
