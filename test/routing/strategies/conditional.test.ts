import { expect, it } from 'vitest';
import { conditional } from '../../../src/routing/strategies/conditional.ts';
import { fallback } from '../../../src/routing/strategies/fallback.ts';
import { compileQuery } from '../../../src/routing/strategies/query.ts';
import { answerOf, chatRequest, fakeChild, fakeTarget, testContext, testRuntime } from '../../support/engine.ts';

const route = (query: object, name: string) => ({
  matches: compileQuery(query, () => undefined),
  handler: fakeTarget(name, ['ok']),
});

it('takes the first condition that matches, else the default', async () => {
  const handler = conditional(
    'config',
    [route({ 'metadata.tier': 'paid' }, 'paid'), route({ 'metadata.tier': { $ne: 'free' } }, 'other')],
    fakeTarget('default', ['ok']),
  );
  const ask = (metadata: Record<string, string>) => answerOf(handler(chatRequest(), testContext({ metadata })));
  expect([await ask({ tier: 'paid' }), await ask({ tier: 'trial' }), await ask({ tier: 'free' })]).toEqual([
    'paid',
    'other',
    'default',
  ]);
});

it('rejects with a typed error when nothing matches and there is no default, which a fallback around it survives', async () => {
  const handler = conditional('config.targets[0]', [route({ 'metadata.tier': 'paid' }, 'paid')], undefined);
  await expect(handler(chatRequest(), testContext())).rejects.toMatchObject({
    name: 'NoConditionMatchedError',
    status: 400,
  });
  const { runtime } = testRuntime();
  const around = fallback(
    [{ path: 'c', weight: 1, handler }, fakeChild('backup', ['ok'], [])],
    { path: 'config' },
    runtime.events,
  );
  expect(await answerOf(around(chatRequest(), testContext()))).toBe('backup');
});
