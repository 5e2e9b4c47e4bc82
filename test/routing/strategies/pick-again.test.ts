import { expect, it } from 'vitest';
import type { ChildrenView } from '../../../src/core/algorithm.ts';
import type { Handler } from '../../../src/core/handler.ts';
import { markLost } from '../../../src/routing/middleware/index.ts';
import { pickAgain } from '../../../src/routing/strategies/index.ts';
import { chatRequest, failure, fakeChild, testContext } from '../../support/engine.ts';

/** A loadbalance of two that is refused because of other processes each time it picks; before that it asks `attempts` targets. */
function refused(attempts: number) {
  let picks = 0;
  const handler: Handler = async (_request, context) => {
    picks++;
    for (let i = 0; i < attempts; i++)
      context.attempts.push({ path: 'a', provider: 'p', targetId: 'a', retry: 0, startedAt: 0, outcome: 'failure' });
    const error = failure(429);
    markLost(error);
    throw error;
  };
  const children = [fakeChild('a', [], []), fakeChild('b', [], [])];
  const view = { share: () => 1 } as unknown as ChildrenView;
  return { handler: pickAgain(children, view, handler), picks: () => picks };
}

it('picks as often as there are children while other processes are faster', async () => {
  const { handler, picks } = refused(0);
  await expect(handler(chatRequest(), testContext())).rejects.toMatchObject({ status: 429 });
  expect(picks()).toBe(2);
});

it('does not pick again once a target below was asked: it would be asked anew', async () => {
  const { handler, picks } = refused(1);
  await expect(handler(chatRequest(), testContext())).rejects.toMatchObject({ status: 429 });
  expect(picks()).toBe(1);
});
