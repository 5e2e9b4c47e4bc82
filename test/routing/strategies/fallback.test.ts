import { expect, it } from 'vitest';
import type { ErrorEdge } from '../../../src/core/errors/kind.ts';
import { fallback } from '../../../src/routing/strategies/fallback.ts';
import { answerOf, chatRequest, fakeChild, type Step, testContext, testRuntime } from '../../support/engine.ts';

interface Case {
  readonly says: string;
  readonly steps: readonly Step[];
  readonly codes?: readonly number[];
  readonly errors?: readonly ErrorEdge[];
  readonly calls: string;
}

const cases: readonly Case[] = [
  { says: 'the first answers', steps: ['ok', 'ok'], calls: 'a' },
  { says: 'any non-2xx goes on by default', steps: [400, 401, 404, 'ok'], calls: 'abcd' },
  { says: 'a connection error goes on by default', steps: [0, 'ok'], calls: 'ab' },
  { says: 'all failed: the last error', steps: [500, 503], calls: 'ab' },
  { says: 'a listed status goes on', steps: [429, 'ok'], codes: [429], calls: 'ab' },
  { says: 'another status stops', steps: [500, 'ok'], codes: [429], calls: 'a' },
  { says: 'an empty list never goes on', steps: [500, 'ok'], codes: [], calls: 'a' },
  { says: 'a connection error counts when a 5xx is listed', steps: [0, 'ok'], codes: [503], calls: 'ab' },
  { says: 'a connection error counts when 408 is listed', steps: [0, 'ok'], codes: [408], calls: 'ab' },
  { says: 'a connection error stops when neither is listed', steps: [0, 'ok'], codes: [429], calls: 'a' },
  { says: 'a timeout counts when a 5xx is listed', steps: [408, 'ok'], codes: [500], calls: 'ab' },
  {
    says: 'a listed kind goes on',
    steps: [{ status: 400, kind: 'context_window' }, 'ok'],
    errors: ['context_window'],
    calls: 'ab',
  },
  {
    says: 'another kind stops',
    steps: [{ status: 400, kind: 'context_window' }, 'ok'],
    errors: ['rate_limit'],
    calls: 'a',
  },
  {
    says: 'with both lists either is enough',
    steps: [429, 500, 'ok'],
    codes: [500],
    errors: ['rate_limit'],
    calls: 'abc',
  },
  {
    says: 'overload counts as server',
    steps: [{ status: 529, kind: 'overloaded' }, 'ok'],
    errors: ['server'],
    calls: 'ab',
  },
  { says: 'the caller leaving ends it', steps: [{ kind: 'aborted' }, 'ok'], calls: 'a' },
];

it.each(cases)('$says', async ({ steps, codes, errors, calls }) => {
  const log: string[] = [];
  const { runtime } = testRuntime();
  const children = steps.map((step, index) => fakeChild('abcd'[index] as string, [step], log));
  const handler = fallback(children, { path: 'config', onStatusCodes: codes, onErrors: errors }, runtime.events);
  const answer = handler(chatRequest(), testContext());
  const last = steps[calls.length - 1];
  if (last === 'ok') expect(await answerOf(answer)).toBe(calls.at(-1));
  else await expect(answer).rejects.toMatchObject({ message: expect.stringContaining('failed') });
  expect(log.join('')).toBe(calls);
});

it('skips targets whose edge does not match: context window to the big one, anything else to the general one', async () => {
  const { runtime } = testRuntime();
  const run = async (first: Step) => {
    const log: string[] = [];
    const children = [
      fakeChild('primary', [first], log),
      fakeChild('big', ['ok'], log, { onErrors: ['context_window'] }),
      fakeChild('general', ['ok'], log, { onErrors: ['any'] }),
    ];
    await fallback(children, { path: 'config' }, runtime.events)(chatRequest(), testContext());
    return log;
  };
  expect(await run({ status: 400, kind: 'context_window' })).toEqual(['primary', 'big']);
  expect(await run(500)).toEqual(['primary', 'general']);
});

it('asks nobody further once the request was aborted from above', async () => {
  const { runtime } = testRuntime();
  const controller = new AbortController();
  const log: string[] = [];
  const first = fakeChild('a', [500], log, {
    handler: async () => {
      controller.abort(new Error('deadline'));
      throw Object.assign(new Error('x'));
    },
  });
  const handler = fallback([first, fakeChild('b', ['ok'], log)], { path: 'config' }, runtime.events);
  await expect(handler(chatRequest(), testContext({ signal: controller.signal }))).rejects.toThrow('x');
  expect(log).toEqual([]);
});

it('tells who came after whom, and why', async () => {
  const { runtime, events } = testRuntime();
  const told: unknown[] = [];
  events.on('fallback', ({ from, to, error, traceId }) => told.push([from, to, error.kind, traceId]));
  const log: string[] = [];
  await fallback(
    [fakeChild('a', [500], log), fakeChild('b', ['ok'], log)],
    { path: 'config' },
    events,
  )(chatRequest(), testContext());
  expect(told).toEqual([['a', 'b', 'server', 't1']]);
  expect(runtime.events.wants('retry')).toBe(false);
});
