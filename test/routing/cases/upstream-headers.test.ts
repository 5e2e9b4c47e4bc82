import { expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { seeded } from '../../support/children-view.ts';
import { type Answer, fleet, settle, target } from '../../support/fleet.ts';

const balance = (strategy: object, ...targets: Config[]): Config => ({
  strategy: { mode: 'loadbalance', ...strategy },
  targets,
});

const spent: Answer = {
  status: 200,
  headers: { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '2s' },
  body: {
    id: '1',
    object: 'chat.completion',
    created: 1,
    model: 'spent',
    choices: [{ index: 0, message: { content: 'x' } }],
  },
};

it.each(['least_busy', 'round_robin', 'latency', 'usage', 'rate_limit_aware'] as const)(
  'passes over a target whose provider says that nothing is left, for as long as it says: %s',
  async (algorithm) => {
    const { ask, answers, clock, log } = fleet(balance({ algorithm }, target('a'), target('b')), {
      random: seeded(5),
    });
    answers.a = spent;
    for (let i = 0; i < 20 && !log.includes('a'); i++) await ask();
    log.length = 0;
    for (let i = 0; i < 5; i++) expect(await ask()).toBe('b');
    clock.advance(2000);
    for (let i = 0; i < 20 && !log.includes('a'); i++) await ask();
    expect(log).toContain('a');
  },
);

it('asks a target all the same that asked to wait, when there is no other and no queue', async () => {
  const { ask, answers, log } = fleet(balance({ algorithm: 'least_busy' }, target('a'), target('b', { weight: 0 })));
  answers.a = { status: 429, headers: { 'retry-after': '20' } };
  await ask();
  answers.a = 200;
  expect(await ask()).toBe('a');
  expect(log.join('')).toBe('aa');
});

it('waits in a queue for as long as the provider asked to', async () => {
  const { ask, answers, log, clock, elapsed, of } = fleet({ ...target('a'), queue: { max_wait: 30 } });
  answers.a = { status: 429, headers: { 'retry-after': '20' } };
  expect(await ask()).toMatchObject({ name: 'RateLimitError' });
  answers.a = 200;
  expect(of('a')?.askedToWaitUntil).toBe(clock.now() + 20_000);
  const answer = ask();
  await settle();
  clock.advance(19_999);
  await settle();
  expect(log).toHaveLength(1);
  clock.advance(1);
  expect([await answer, elapsed()]).toEqual(['a', 20_000]);
  expect(of('a')?.askedToWaitUntil).toBeUndefined();
});

it('does not look at headers where nobody compares targets', async () => {
  const { ask, answers, log } = fleet(balance({}, target('a'), target('b')));
  answers.a = spent;
  for (let i = 0; i < 6; i++) await ask();
  expect(log.filter((name) => name === 'a')).toHaveLength(3);
});
