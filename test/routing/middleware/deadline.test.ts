import { expect, it } from 'vitest';
import type { RequestContext } from '../../../src/core/context.ts';
import { settlement } from '../../../src/core/settlement.ts';
import { deadline } from '../../../src/routing/middleware/deadline.ts';
import { chatRequest, replyOf, testContext } from '../../support/engine.ts';
import { manualClock } from '../../support/manual-clock.ts';

function running(context: Partial<RequestContext> = {}) {
  const clock = manualClock();
  const settled = settlement();
  let inner: RequestContext | undefined;
  const handler = deadline(
    1000,
    clock,
  )(async (_, below) => {
    inner = below;
    return { ...replyOf('a'), onSettle: settled.onSettle };
  });
  const reply = handler(chatRequest(), testContext(context));
  return { clock, reply, settled, below: () => inner as RequestContext };
}

it('tells what is below when it must have ended', () => {
  expect(running().below().deadline).toBe(1_001_000);
  expect(running({ deadline: 1_000_500 }).below().deadline).toBe(1_000_500);
  expect(running({ deadline: 2_000_000 }).below().deadline).toBe(1_001_000);
});

it('goes on counting while a stream is read', async () => {
  const { clock, reply, below } = running();
  await reply;
  clock.advance(999);
  expect(below().signal.aborted).toBe(false);
  clock.advance(1);
  expect(below().signal.reason).toMatchObject({ status: 408, kind: 'timeout', limit: 'total_timeout' });
});

it('stops when the reply has settled', async () => {
  const { clock, reply, settled, below } = running();
  await reply;
  settled.settle({ result: 'success' });
  clock.advance(5000);
  expect([below().signal.aborted, clock.pending]).toEqual([false, 0]);
});

it('stops when what is below fails, and hands the failure up', async () => {
  const clock = manualClock();
  const failure = new Error('failed');
  const handler = deadline(1000, clock)(() => Promise.reject(failure));
  await expect(handler(chatRequest(), testContext())).rejects.toBe(failure);
  expect(clock.pending).toBe(0);
});

it('hands an abort from above down, its reason unchanged', () => {
  const outer = new AbortController();
  const { below } = running({ signal: outer.signal });
  const reason = new Error('left');
  outer.abort(reason);
  expect(below().signal.reason).toBe(reason);
});
