import { expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { seeded } from '../../support/children-view.ts';
import { fleet, settle, target } from '../../support/fleet.ts';

const balance = (strategy: object, ...targets: Config[]): Config => ({
  strategy: { mode: 'loadbalance', ...strategy },
  targets,
});

it.each([
  ['given', { algorithm: 'weighted' }, 'b'],
  ['not given', {}, { status: 500 }],
  ['given, with failover: false', { algorithm: 'weighted', failover: false }, { status: 500 }],
])('tries a sibling by default only where an algorithm is given: %s', async (_, strategy, expected) => {
  const { ask, answers } = fleet(balance(strategy, target('a'), target('b')), { random: () => 0.99 });
  answers.a = 500;
  const both = [await ask(), await ask()];
  if (typeof expected === 'string') expect(both).toEqual([expected, expected]);
  else expect(both).toContainEqual(expect.objectContaining(expected));
});

it('does not wait before a retry of the node while an untried target is ready', async () => {
  const { ask, answers, log, portkey, clock } = fleet({
    ...balance({}, target('a'), target('b'), target('c')),
    retry: { attempts: 3, scope: 'node' },
  });
  const waits: number[] = [];
  portkey.on('retry', ({ delayMs }) => waits.push(delayMs));
  for (const name of 'abc') answers[name] = 503;
  const answer = ask();
  await settle();
  expect([...log].sort().join('')).toBe('abc');
  expect(waits.slice(0, 2)).toEqual([0, 0]);
  expect(waits[2]).toBeGreaterThan(0);
  for (const name of 'abc') answers[name] = 200;
  clock.advance(20_000);
  expect(await answer).toMatch(/^[abc]$/);
});

it('waits before a retry of the node when the other target cools', async () => {
  const { ask, answers, portkey, clock } = fleet({
    ...balance({}, target('a', { weight: 10 }), target('b')),
    cooldown: { allowed_fails: 0, per_error: { server: 100 } },
    retry: { attempts: 1, scope: 'node' },
  });
  answers.b = 401;
  answers.a = 200;
  for (let i = 0; i < 11; i++) await ask();
  const waits: number[] = [];
  portkey.on('retry', ({ delayMs }) => waits.push(delayMs));
  answers.a = 500;
  const answer = ask();
  await settle();
  expect(waits).toHaveLength(1);
  expect(waits[0]).toBeGreaterThan(0);
  answers.a = 200;
  clock.advance(20_000);
  expect(await answer).toBe('a');
});

it('sends each call to the least busy target', async () => {
  const { answers, log, stream } = fleet(balance({ algorithm: 'least_busy' }, target('a'), target('b'), target('c')));
  for (const name of 'abc') answers[name] = 'stream';
  const streams = [await stream(), await stream(), await stream()];
  expect([...log].sort().join('')).toBe('abc');
  for (const open of streams) open.controller.abort();
});

it('sends calls to the target that answers sooner', async () => {
  const { ask, answers, clock, log, of } = fleet(balance({ algorithm: 'latency' }, target('a'), target('b')), {
    random: seeded(3),
  });
  answers.a = { status: 200, afterMs: 900 };
  answers.b = { status: 200, afterMs: 100 };
  for (let i = 0; i < 20; i++) {
    const answer = ask();
    for (let part = 0; part < 9; part++) {
      await settle();
      clock.advance(100);
    }
    await answer;
  }
  expect(of('a')?.replyMs).toBe(900);
  expect(of('b')?.replyMs).toBe(100);
  expect(log.filter((name) => name === 'b').length).toBeGreaterThan(15);
});

it('keeps a user with one target by Portkey’s strategy.sticky, and moves on while that cools', async () => {
  const sticky = { enabled: true, hash_fields: ['metadata.user'], ttl: 3600 };
  const { ask, answers } = fleet({
    ...balance({ sticky }, target('a'), target('b'), target('c')),
    cooldown: { allowed_fails: 0, time: 30 },
  });
  const user = { metadata: { user: 'u-1' } };
  const home = (await ask(user)) as string;
  for (let i = 0; i < 5; i++) expect(await ask(user)).toBe(home);
  answers[home] = 500;
  await ask(user);
  const away = await ask(user);
  expect(away).not.toBe(home);
  expect(await ask(user)).toBe(away);
});

it('draws a new target for a user when the ttl is over', async () => {
  const sticky = { hash_fields: ['metadata.user'], ttl: 60 };
  const targets = Array.from({ length: 8 }, (_, index) => target(`t${index}`));
  const { ask, clock } = fleet(balance({ sticky }, ...targets));
  const seen = new Set<unknown>();
  for (let term = 0; term < 12; term++) {
    seen.add(await ask({ metadata: { user: 'u-1' } }));
    clock.advance(60_000);
  }
  expect(seen.size).toBeGreaterThan(3);
});

it('spreads users over two places of one target too', async () => {
  const same = (temperature: number) => ({ ...target('a'), override_params: { temperature } });
  const { ask, portkey } = fleet(balance({ algorithm: 'sticky' }, same(0), same(1)));
  const paths = new Set<string>();
  portkey.on('attempt-start', ({ attempt }) => paths.add(attempt.path));
  for (let i = 0; i < 20; i++) await ask({ metadata: { _user: `u-${i}` } });
  expect(paths.size).toBe(2);
});

it('asks a function in code', async () => {
  const seen: unknown[] = [];
  const { ask, answers, log } = fleet(
    balance(
      {
        algorithm: (targets: readonly { wasTried: boolean }[], request: { metadata: Record<string, string> }) => {
          seen.push([targets, request]);
          return request.metadata.tier === 'paid' ? 1 : targets.findIndex(({ wasTried }) => !wasTried);
        },
      },
      target('a'),
      target('b', { weight: 3 }),
    ),
  );
  expect(await ask({ metadata: { tier: 'paid' } })).toBe('b');
  expect(await ask()).toBe('a');
  expect(seen[0]).toEqual([
    [
      { path: 'config.targets[0]', name: 'a', weight: 1, isReady: true, wasTried: false, inFlight: 0 },
      { path: 'config.targets[1]', name: 'b', weight: 3, isReady: true, wasTried: false, inFlight: 0 },
    ],
    {
      endpoint: 'chat/completions',
      params: { model: 'm', messages: [{ role: 'user', content: 'hi' }] },
      metadata: { tier: 'paid' },
    },
  ]);
  answers.a = 500;
  log.length = 0;
  expect(await ask()).toBe('b');
  expect(log.join('')).toBe('ab');
});

it.each<[string, () => unknown, string]>([
  ['returns no index', () => 2, 'The algorithm of config returned 2. It must return an index from 0 to 1.'],
  [
    'returns nothing',
    () => undefined,
    'The algorithm of config returned undefined. It must return an index from 0 to 1.',
  ],
  [
    'throws',
    () => {
      throw new Error('oops');
    },
    'The algorithm of config threw: oops',
  ],
])('rejects with an AlgorithmError when the function %s', async (_, algorithm, message) => {
  const { portkey } = fleet(balance({ algorithm: algorithm as () => number }, target('a'), target('b')));
  await expect(portkey.chat.completions.create({ model: 'm', messages: [] })).rejects.toMatchObject({
    name: 'AlgorithmError',
    message,
  });
});

it('tells how the targets are doing', async () => {
  const { portkey, ask, answers, clock } = fleet({
    ...balance({}, target('a'), target('b', { weight: 0 })),
    cooldown: { allowed_fails: 1, time: 20 },
  });
  await ask();
  answers.a = 500;
  await ask();
  expect(portkey.state()).toEqual([
    { id: 'a', provider: 'openai', paths: ['config.targets[0]'], inFlight: 0, health: 'ready', fails: 1, replyMs: 0 },
    { id: 'b', provider: 'openai', paths: ['config.targets[1]'], inFlight: 0, health: 'ready', fails: 0 },
  ]);
  await ask();
  expect(portkey.state()[0]).toMatchObject({ health: 'cooling', fails: 0, openUntil: clock.now() + 20_000 });
  clock.advance(20_000);
  expect(portkey.state()[0]?.health).toBe('probing');
});
