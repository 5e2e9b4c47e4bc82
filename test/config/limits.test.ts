import { expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { ConfigError } from '../../src/core/errors/config-error.ts';
import { fleet, settle, target } from '../support/fleet.ts';

const balance = (strategy: object, node: object = {}, ...targets: object[]): Config => ({
  strategy: { mode: 'loadbalance' as const, ...strategy },
  targets: targets.length > 0 ? targets : [target('a'), target('b')],
  ...node,
});

function issuesOf(config: unknown): readonly string[] {
  try {
    parseConfig(config);
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

const limited = (rate_limit: unknown) => target('a', { rate_limit } as Partial<Config>);
const keyed = (more: object) => ({ provider: 'openai', api_keys: ['k1', 'k2'], ...more });

it.each<[string, unknown]>([
  [
    'every way to write a time',
    limited(['1s', '500ms', '2m', '1h', '1d', 1500, '2.5s'].map((per) => ({ requests: 1, per }))),
  ],
  [
    'every quantity, with all that goes with it',
    limited([
      { requests: 10, per: '1s', mode: 'queue', safety_margin: 0.05 },
      { tokens: 1000, per: '1m', mode: 'steer' },
      { input_tokens: 1000, per: '1m', mode: 'enforce' },
      { output_tokens: 1000, per: '1m' },
    ]),
  ],
  ['the short forms', target('a', { rpm: 10, tpm: 1000, rps: 2 })],
  ['camelCase', target('a', { rateLimit: { inputTokens: 5, per: '1s', safetyMargin: 0 }, quotaGroup: 'g' } as object)],
  ['a group without limits', balance({}, { quota_group: 'g' })],
  ['a queue', balance({}, { queue: { max_wait: 5, max_size: 10, default_priority: 1, aging: 0 } })],
  ['a queue on the only target', balance({}, {}, target('a', { queue: {} }))],
  [
    'a queue on a target of a fallback',
    { strategy: { mode: 'fallback' }, targets: [target('a', { queue: {} }), target('b')] },
  ],
  ['shares by rpm where one target has it', balance({ weight_by: 'rpm' }, {}, target('a', { rpm: 1 }), target('b'))],
  [
    'shares by the limits of what stands below',
    balance({ weight_by: 'tpm' }, {}, balance({}, {}, target('a', { tpm: 5 })), target('b', { tpm: 5 })),
  ],
  ['keys as texts', keyed({})],
  [
    'keys with limits',
    keyed({ api_keys: [{ key: 'k', rateLimit: { requests: 1, per: '1s' }, maxConcurrency: 2, weight: 2 }, 'l'] }),
  ],
])('accepts %s', (_, config) => {
  expect(issuesOf(config)).toEqual([]);
});

it.each<[string, unknown, string]>([
  [
    'a limit of nothing',
    limited({ per: '1s' }),
    '$.rate_limit: Says how much of nothing. Give one of "requests", "tokens", "input_tokens", "output_tokens".',
  ],
  [
    'two quantities in one',
    limited([{ requests: 1, tokens: 5, per: '1s' }]),
    '$.rate_limit[0]: Limits "requests", "tokens" at once. Make it a list with one of them in each element.',
  ],
  [
    'a limit without a time',
    limited({ requests: 1 }),
    '$.rate_limit.per: Expected a time such as "1s", "1m", "500ms", or a number of milliseconds.',
  ],
  [
    'an unreadable time',
    limited({ requests: 1, per: '1 fortnight' }),
    '$.rate_limit.per: Expected a time such as "1s", "1m", "500ms", or a number of milliseconds, received "1 fortnight".',
  ],
  ['a time of 0', limited([{ requests: 1, per: 0 }]), '$.rate_limit[0].per: Expected a time'],
  [
    'an unknown mode',
    limited([{ requests: 1, per: 5, mode: 'wait' }]),
    '$.rate_limit[0].mode: Expected one of "steer"|"enforce"|"queue", received "wait".',
  ],
  ['no limit at all', limited(7), '$.rate_limit: Expected object, received number'],
  ['a key that is none', keyed({ api_keys: ['k', 7] }), '$.api_keys[1]: Expected string, received number.'],
  ['a key without a key', keyed({ api_keys: [{ rpm: 1 }] }), '$.api_keys[0].key: Expected string, received undefined.'],
  ['an amount of 0', target('a', { tpm: 0 }), '$.tpm: Too small: expected number to be >=1, received 0.'],
  ['half a request', target('a', { rpm: 0.5 }), '$.rpm: Expected int, received number'],
  [
    'the same limit twice',
    target('a', { rpm: 5, rate_limit: { requests: 5, per: 60_000 } }),
    '$.rpm: Given together with "rate_limit", which limits the same quantity in the same time. Keep one.',
  ],
  [
    'a misspelt key',
    limited({ requests: 1, request: 1, per: '1s' }),
    '$.rate_limit.request: Unknown key "request" of "rate_limit". Did you mean "requests"?',
  ],
  [
    'a misspelt key of a list',
    limited([{ requests: 1, per: '1s', margin: 1 }]),
    '$.rate_limit[0].margin: Unknown key "margin" of "rate_limit".',
  ],
  [
    'a key of the queue elsewhere',
    target('a', { max_size: 3 } as object),
    '$.max_size: "max_size" has no meaning here. It belongs in "queue".',
  ],
  ['an empty list', limited([]), '$.rate_limit'],
  [
    'weight_by without any limit',
    balance({ weight_by: 'rpm' }, {}, target('a', { tpm: 5 }), target('b')),
    '$.strategy.weight_by: No target has "rpm", or a "rate_limit" of requests, so none could ever be picked.',
  ],
  [
    'weight_by of a fallback',
    { strategy: { mode: 'fallback', weight_by: 'rpm' }, targets: [target('a', { rpm: 1 })] },
    '$.strategy.weight_by: Has no effect with mode "fallback". It belongs to mode "loadbalance".',
  ],
  [
    'a queue on one of several targets of a loadbalance',
    balance({}, {}, target('a', { queue: {} }), target('b')),
    '$.targets[0].queue: While a request waits for this target its siblings could answer it. Write "queue" on the node, $.',
  ],
  ['keys of nobody', { api_keys: ['k'] }, '$.api_keys: Needs "provider" beside it, which says whose keys they are.'],
  ['keys beside a key', keyed({ api_key: 'k' }), '$.api_key: Given together with "api_keys". Keep one.'],
  [
    'keys on a node',
    balance({}, { api_keys: ['k'] }),
    '$.api_keys: Has no effect on a node with "targets". It belongs on a target.',
  ],
  [
    'the same key twice',
    keyed({ api_keys: ['k', { key: 'k' }] }),
    '$.api_keys[1]: The same key stands in the list before.',
  ],
  [
    'max_concurrency beside keys',
    keyed({ max_concurrency: 2 }),
    '$.max_concurrency: Beside "api_keys" it belongs into each of them',
  ],
  [
    'two quantities for one key',
    keyed({ api_keys: [{ key: 'k', rate_limit: { requests: 1, tokens: 1, per: '1s' } }] }),
    '$.api_keys[0].rate_limit: Limits "requests", "tokens" at once.',
  ],
  ['no keys', keyed({ api_keys: [] }), '$.api_keys'],
])('refuses %s', (_, config, start) => {
  const issues = issuesOf(config);
  expect(issues).toHaveLength(1);
  expect(issues[0]?.slice(0, start.length)).toBe(start);
});

it('never quotes a key', () => {
  expect(issuesOf(keyed({ api_keys: [7_313_317] })).join()).not.toContain('7313317');
});

it('makes several keys a loadbalance that looks at limits, with a cooldown where none is given', () => {
  const node = {
    id: 'n',
    weight: 3,
    provider: 'azure-openai',
    resource_name: 'r',
    custom_host: 'http://a.test',
    override_params: { model: 'm' },
    retry: { attempts: 1 },
    rpm: 100,
    api_keys: ['k1', { key: 'k2', rpm: 5, id: 'second' }],
  };
  const given = { provider: 'azure-openai', resource_name: 'r', custom_host: 'http://a.test' };
  const expanded = {
    id: 'n',
    weight: 3,
    override_params: { model: 'm' },
    retry: { attempts: 1 },
    rpm: 100,
    strategy: { mode: 'loadbalance', algorithm: 'rate_limit_aware', failover: true },
    targets: [
      { ...given, api_key: 'k1' },
      { ...given, api_key: 'k2', rpm: 5, id: 'second' },
    ],
  };
  expect(parseConfig(node)).toEqual({ ...expanded, cooldown: { allowed_fails: 10_000, auth_time: 600 } });
  const cooled = { strategy: { mode: 'fallback' }, cooldown: { time: 0 }, targets: [node, target('b')] };
  expect(parseConfig(cooled)).toEqual({ ...cooled, targets: [expanded, target('b')] });
});

it('leaves a key out for ten minutes after one 401, and for its own time where a cooldown says so', async () => {
  const config = (more: object) => ({
    provider: 'openai',
    custom_host: 'http://a.test/v1',
    api_keys: ['good', 'dead'],
    ...more,
  });
  for (const [more, seconds] of [
    [{}, 600],
    [{ cooldown: { time: 20 } }, 20],
    [{ cooldown: { time: 20, auth_time: 90 } }, 90],
  ] as const) {
    const called: string[] = [];
    const made = fleet(config(more), {
      fetch: async (_, init) => {
        const key = String(new Headers(init?.headers).get('authorization')).replace('Bearer ', '');
        called.push(key);
        return key === 'dead'
          ? Response.json({ error: { message: 'Incorrect API key' } }, { status: 401 })
          : Response.json({
              id: '1',
              object: 'chat.completion',
              created: 1,
              model: 'ok',
              choices: [{ index: 0, message: { content: 'x' } }],
            });
      },
    });
    for (let i = 0; i < 20; i++) expect(await made.ask()).toBe('ok');
    expect(called.filter((key) => key === 'dead')).toHaveLength(1);
    const dead = made.portkey.state().find(({ health }) => health === 'cooling');
    expect((dead?.openUntil ?? 0) - made.clock.now()).toBe(seconds * 1000);
    expect(JSON.stringify(made.portkey.state())).not.toMatch(/good|dead/);
  }
});

it('hands a queue down, the nearest first, and switches it off with max_wait 0', async () => {
  const branch = (name: string, more: object) => target(name, { rps: 1, ...more });
  const made = fleet({
    strategy: {
      mode: 'conditional',
      conditions: ['b', 'c'].map((name) => ({ query: { 'metadata.to': name }, then: name })),
      default: 'a',
    },
    queue: { max_wait: 60 },
    targets: [branch('a', {}), branch('b', { queue: { max_wait: 0.5 } }), branch('c', { queue: { max_wait: 0 } })],
  });
  const to = (name: string) => made.ask({ metadata: { to: name } });
  for (const name of ['a', 'b', 'c']) expect(await to(name)).toBe(name);
  expect(await to('c')).toMatchObject({ name: 'CapacityError' });
  expect(await to('b')).toMatchObject({ name: 'QueueTimeoutError' });
  const waits = to('a');
  await settle();
  made.clock.advance(1000);
  expect(await waits).toBe('a');
});

it('takes a priority from the client, and a nearer one from the call', async () => {
  const made = fleet(target('a', { rps: 1, queue: { max_wait: 60, aging: 0 } }), { priority: 5 });
  await made.ask();
  const order: string[] = [];
  const waiting = [
    made.ask().then(() => order.push('client')),
    made.ask({ priority: 9 }).then(() => order.push('nine')),
    made.ask({ priority: 1 }).then(() => order.push('one')),
  ];
  for (let i = 0; i < 3; i++) {
    await settle();
    made.clock.advance(1000);
  }
  await Promise.all(waiting);
  expect(order).toEqual(['one', 'client', 'nine']);
  await expect(
    made.portkey.chat.completions.create({ model: 'm', messages: [] }, { priority: Number.NaN }),
  ).rejects.toThrow('params.priority');
});
