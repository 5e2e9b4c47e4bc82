import { expect, it } from 'vitest';
import type { Handler } from '../../../src/core/handler.ts';
import { settlement } from '../../../src/core/settlement.ts';
import { observe } from '../../../src/routing/middleware/observe.ts';
import { createTargetState } from '../../../src/routing/state/target-state.ts';
import { chatRequest, failure, replyOf, testContext, testRuntime } from '../../support/engine.ts';

const target = { path: 'config.targets[1]', name: 'second', provider: 'openai' };

function observed(handler: Handler) {
  const { runtime, clock, events } = testRuntime();
  const log: unknown[] = [];
  events.on('attempt-start', (event) => log.push(['start', event]));
  events.on('attempt-end', (event) => log.push(['end', event]));
  const context = testContext({ metadata: { user: 'u' } });
  return {
    clock,
    log,
    context,
    call: () => observe(target, runtime, createTargetState('t', 'openai'))(handler)(chatRequest(), context),
  };
}

it('writes an attempt down before it begins, and tells what came of it when its reply has ended', async () => {
  const settled = settlement();
  const { clock, log, context, call } = observed(async (_, { attempt }) => {
    if (attempt !== undefined) Object.assign(attempt, { targetId: 'id', model: 'm', status: 200, headersMs: 3 });
    return { ...replyOf('a'), onSettle: settled.onSettle };
  });
  await call();
  clock.advance(40);
  expect(log).toEqual([
    [
      'start',
      {
        requestId: 'r1',
        traceId: 't1',
        metadata: { user: 'u' },
        attempt: { ...target, targetId: '', retry: 0, startedAt: 1_000_000, outcome: 'pending' },
      },
    ],
  ]);
  expect(context.attempts).toMatchObject([{ outcome: 'pending' }]);
  settled.settle({ result: 'success' });
  settled.settle({ result: 'failure' });
  expect(log.slice(1)).toMatchObject([
    ['end', { attempt: { targetId: 'id', model: 'm', status: 200, headersMs: 3, durationMs: 40, outcome: 'success' } }],
  ]);
  expect(log).toHaveLength(2);
});

it('tells a failure with its kind, message and status, and hands it up', async () => {
  const error = failure({ status: 429, kind: 'rate_limit' });
  const { log, context, call } = observed(() => Promise.reject(error));
  await expect(call()).rejects.toBe(error);
  const attempt = { outcome: 'failure', status: 429, errorKind: 'rate_limit', errorMessage: '429 failed' };
  expect(log[1]).toMatchObject(['end', { attempt, error }]);
  expect(context.attempts).toMatchObject([attempt]);
});

it('keeps the status that came over the one an error stands for', async () => {
  const { context, call } = observed((_, { attempt }) => {
    if (attempt !== undefined) attempt.status = 200;
    return Promise.reject(failure({ status: 502, kind: 'unreadable' }));
  });
  await expect(call()).rejects.toThrow();
  expect(context.attempts).toMatchObject([{ status: 200, errorKind: 'unreadable' }]);
});

it('counts the tries of one target, not of others', async () => {
  const { context, call } = observed(async () => replyOf('a'));
  context.attempts.push({
    ...target,
    path: 'config.targets[0]',
    targetId: '',
    retry: 0,
    startedAt: 0,
    outcome: 'failure',
  });
  await call();
  await call();
  expect(context.attempts.map(({ path, retry }) => [path, retry])).toEqual([
    ['config.targets[0]', 0],
    ['config.targets[1]', 0],
    ['config.targets[1]', 1],
  ]);
});

it('gives listeners copies: what they do to an attempt harms nobody', async () => {
  const { runtime, events } = testRuntime();
  events.on('attempt-start', ({ attempt }) => Object.assign(attempt, { path: 'changed' }));
  const context = testContext();
  await observe(target, runtime, createTargetState('t', 'openai'))(async () => replyOf('a'))(chatRequest(), context);
  expect(context.attempts[0]?.path).toBe(target.path);
});
