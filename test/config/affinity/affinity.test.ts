import { expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { parseConfig } from '../../../src/config/parse.ts';
import { ConfigError } from '../../../src/core/errors/config-error.ts';
import { fleet, target } from '../../support/fleet.ts';

const balance = (affinity: object, node: object = {}): Config =>
  ({
    strategy: { mode: 'loadbalance' },
    affinity,
    targets: [target('a'), target('b'), target('c')],
    ...node,
  }) as Config;

it.each<[string, Config, string | undefined]>([
  ['by one kind', balance({ by: 'user' }), undefined],
  ['by several', balance({ by: ['session', 'prefix'], ttl: 60 }), undefined],
  [
    'over any algorithm',
    balance({ by: 'user' }, { strategy: { mode: 'loadbalance', algorithm: 'latency' } }),
    undefined,
  ],
  ['without a kind', balance({}), '$.affinity.by: Expected "user", "session", "prefix", or a list of them.'],
  [
    'by nothing known',
    balance({ by: 'key' }),
    '$.affinity.by: Expected "user", "session", "prefix", or a list of them, received "key".',
  ],
  ['for no time', balance({ by: 'user', ttl: 0 }), '$.affinity.ttl: Too small'],
  ['misspelt', balance({ by: 'user', tll: 1 }), '$.affinity.tll: Unknown key "tll" of "affinity". Did you mean "ttl"?'],
  [
    'on a target',
    { ...target('a'), affinity: { by: 'user' } },
    '$.affinity: Has a meaning only on a node that spreads requests',
  ],
  [
    'on a fallback',
    balance({ by: 'user' }, { strategy: { mode: 'fallback' } }),
    '$.affinity: Has a meaning only on a node that spreads requests',
  ],
])('affinity %s', (_, config, problem) => {
  let message: string | undefined;
  try {
    parseConfig(config);
  } catch (error) {
    const [issue] = error instanceof ConfigError ? error.issues : [];
    message = `${issue?.path}: ${issue?.message}`;
  }
  expect(message?.slice(0, problem?.length)).toBe(problem);
});

it.each<[string, object]>([
  ['weighted', {}],
  ['random', { algorithm: 'random' }],
  ['round_robin', { algorithm: 'round_robin' }],
  ['least_busy', { algorithm: 'least_busy' }],
  ['latency', { algorithm: 'latency' }],
  ['sticky', { algorithm: 'sticky', sticky: { hash_fields: ['params.seed'] } }],
  [
    'a function',
    {
      algorithm: (targets: readonly unknown[], { params }: { params: { seed?: number } }) =>
        (params.seed ?? 0) % targets.length,
    },
  ],
])('keeps a user on one target over %s', async (_, strategy) => {
  const { ask } = fleet(balance({ by: 'user' }, { strategy: { mode: 'loadbalance', ...strategy } }), {
    random: seeded(),
  });
  const first = await ask({}, {}, { user: 'u-1', seed: 0 });
  for (let seed = 1; seed < 9; seed++) expect(await ask({}, {}, { user: 'u-1', seed })).toBe(first);
  const others = await Promise.all(Array.from({ length: 9 }, (_, seed) => ask({}, {}, { seed })));
  expect(new Set(others).size).toBeGreaterThan(1);
});

/** Chance that goes through the unit interval in even steps. */
function seeded() {
  let at = 0;
  return () => {
    at = (at + 0.37) % 1;
    return at;
  };
}

it('leaves a target that cools, and learns who answered instead', async () => {
  const { ask, answers } = fleet(
    balance(
      { by: 'user' },
      { cooldown: { allowed_fails: 0, time: 30 }, strategy: { mode: 'loadbalance', failover: true } },
    ),
  );
  const first = String(await ask({}, {}, { user: 'u' }));
  answers[first] = 500;
  const second = await ask({}, {}, { user: 'u' });
  answers[first] = 200;
  expect([second === first, await ask({}, {}, { user: 'u' })]).toEqual([false, second]);
});

it('is remembered for the node, also by a config compiled anew', async () => {
  const { ask } = fleet({}, {});
  const config = () => balance({ by: 'user' });
  const first = await ask({ config: config() }, {}, { user: 'u' });
  for (let i = 0; i < 5; i++) expect(await ask({ config: config() }, {}, { user: 'u' })).toBe(first);
});

it('holds for 300 s by prefix, for 3600 s by user', async () => {
  const messages = [{ role: 'user', content: 'word '.repeat(1000) }];
  for (const [by, seconds, body] of [
    ['prefix', 300, { messages }],
    ['user', 3600, { user: 'u' }],
  ] as const) {
    const { ask, clock } = fleet(balance({ by }));
    const first = await ask({}, {}, body);
    clock.advance(seconds * 1000 - 1);
    expect(await ask({}, {}, body)).toBe(first);
    clock.advance(seconds * 1000);
    expect(await ask({}, {}, body)).not.toBe(first);
  }
});
