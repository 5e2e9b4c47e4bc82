import { expect, it } from 'vitest';
import type { AttemptPhase, RequestContext } from '../../../src/core/context.ts';
import type { Reply } from '../../../src/core/reply.ts';
import { settlement } from '../../../src/core/settlement.ts';
import { type AttemptTimeouts, timeout } from '../../../src/routing/middleware/timeout.ts';
import { chatRequest, replyOf, testContext } from '../../support/engine.ts';
import { manualClock } from '../../support/manual-clock.ts';

/** One attempt below the middleware, whose progress the test decides. */
function attempt(
  limits: AttemptTimeouts,
  { stream = true, ...more }: Partial<RequestContext> & { stream?: boolean } = {},
) {
  const clock = manualClock();
  const settled = settlement();
  let inner: RequestContext | undefined;
  let answer: (reply: Reply) => void = () => undefined;
  const handler = timeout(
    limits,
    clock,
  )((_, context) => {
    inner = context;
    return new Promise((resolve, reject) => {
      answer = resolve;
      context.signal.addEventListener('abort', () => reject(context.signal.reason));
    });
  });
  const outer = new AbortController();
  const reply = handler(chatRequest({ messages: [], stream }), testContext({ signal: outer.signal, ...more }));
  return {
    clock,
    reply,
    outer,
    progress: (phase: AttemptPhase) => inner?.progress?.(phase),
    open: () => answer({ ...replyOf('a'), onSettle: settled.onSettle }),
    settle: () => settled.settle({ result: 'success' }),
    limit: () => (inner?.signal.reason as { readonly limit?: string } | undefined)?.limit,
  };
}

const all = { requestTimeoutMs: 100, firstTokenTimeoutMs: 1000, idleTimeoutMs: 500 };

it.each<[string, readonly AttemptPhase[], string, number]>([
  ['nothing comes', [], 'request_timeout', 100],
  ['only headers come', ['headers'], 'first_token_timeout', 1000],
  ['content stops', ['headers', 'content'], 'idle_timeout', 500],
  ['chunks stop', ['headers', 'content', 'chunk', 'chunk'], 'idle_timeout', 500],
  ['chunks stop after a slow reader', ['headers', 'content', 'held', 'chunk'], 'idle_timeout', 500],
])('when %s, the limit that holds is its own', async (...[, phases, limit, afterMs]) => {
  const { clock, reply, progress, limit: hit } = attempt(all);
  for (const phase of phases) progress(phase);
  clock.advance(afterMs - 1);
  expect(hit()).toBeUndefined();
  clock.advance(1);
  expect(hit()).toBe(limit);
  await expect(reply).rejects.toMatchObject({ status: 408, type: 'timeout_error', limit });
  expect(clock.pending).toBe(0);
});

it('does not limit a provider that a slow reader holds back', () => {
  const { clock, progress, limit } = attempt(all);
  for (const phase of ['headers', 'content', 'held'] as const) progress(phase);
  clock.advance(1_000_000);
  expect(limit()).toBeUndefined();
});

it('limits a whole reply only until its headers', () => {
  const { clock, progress, limit } = attempt(all, { stream: false });
  expect(clock.pending).toBe(1);
  progress('headers');
  clock.advance(1_000_000);
  expect([limit(), clock.pending]).toEqual([undefined, 0]);
});

it('stops all timers when the stream has settled', async () => {
  const { clock, reply, progress, open, settle, limit } = attempt(all);
  for (const phase of ['headers', 'content'] as const) progress(phase);
  open();
  await reply;
  expect(clock.pending).toBe(1);
  settle();
  clock.advance(1_000_000);
  expect([limit(), clock.pending]).toEqual([undefined, 0]);
});

it('hands an abort from above down, its reason unchanged', async () => {
  const { clock, reply, outer } = attempt(all);
  const reason = new Error('left');
  outer.abort(reason);
  await expect(reply).rejects.toBe(reason);
  expect(clock.pending).toBe(0);
});

it('lets the call’s own request_timeout beat the target’s, and limit where the target has none', async () => {
  for (const limits of [all, {}]) {
    const { clock, reply } = attempt(limits, { call: { requestTimeoutMs: 50 } });
    clock.advance(50);
    await expect(reply).rejects.toThrow('request_timeout of 50 ms exceeded');
  }
});
