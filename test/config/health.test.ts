import { expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { cooldownSettings } from '../../src/config/health/cooldown-settings.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { ConfigError } from '../../src/core/errors/config-error.ts';
import { fleet, target } from '../support/fleet.ts';

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

it.each<[string, unknown]>([
  [
    'a whole cooldown',
    balance(
      {},
      {
        cooldown: {
          allowed_fails: 0,
          window: 60,
          time: 30,
          max_time: 300,
          failure_ratio: 0.5,
          min_requests: 5,
          per_error: { rate_limit: 0 },
          when_all_open: 'panic',
          max_wait: 2,
          exempt_single: false,
        },
      },
    ),
  ],
  [
    'camelCase',
    balance(
      { cbConfig: { failureThreshold: 2, cooldownInterval: 60_000 } },
      {},
      target('a', { maxConcurrency: 2 } as object),
      target('b'),
    ),
  ],
  [
    'Portkey’s circuit breaker on a node',
    balance({}, { cb_config: { failure_threshold: 1, failure_status_codes: [500] } }),
  ],
  ['Portkey’s sticky', balance({ sticky: { enabled: true, hash_fields: ['metadata.user'], ttl: 60 } })],
  ['a function', balance({ algorithm: () => 0 })],
  ['every algorithm by name', balance({ algorithm: 'least_busy' })],
])('accepts %s', (_, config) => {
  expect(issuesOf(config)).toEqual([]);
});

it.each<[string, unknown, string]>([
  [
    'an unknown algorithm',
    balance({ algorithm: 'lru' }),
    '$.strategy.algorithm: Expected one of "weighted"|"random"|"round_robin"|"least_busy"|"latency"|"cost"|"usage"|"rate_limit_aware"|"sticky" or a function',
  ],
  [
    'an algorithm of another mode',
    { strategy: { mode: 'fallback', algorithm: 'latency' }, targets: [target('a')] },
    '$.strategy.algorithm: Has no effect with mode "fallback"',
  ],
  [
    'a misspelt key',
    balance({}, { cooldown: { allowed_fail: 1 } }),
    '$.cooldown.allowed_fail: Unknown key "allowed_fail" of "cooldown". Did you mean "allowed_fails"',
  ],
  [
    'both names of one thing',
    balance({ cb_config: {} }, { cooldown: {} }),
    '$.strategy.cb_config: Given together with "cooldown"',
  ],
  [
    'a most below the time',
    balance({}, { cooldown: { time: 60, max_time: 30 } }),
    '$.cooldown.max_time: Must be at least "time", 60, received 30.',
  ],
  [
    'a limit for what never counts',
    balance({}, { cooldown: { per_error: { context_window: 1 } } }),
    '$.cooldown.per_error',
  ],
  [
    'an interval Portkey would refuse',
    balance({ cb_config: { cooldown_interval: 1000 } }),
    '$.strategy.cb_config.cooldown_interval',
  ],
  [
    'max_concurrency on a node',
    balance({}, { max_concurrency: 2 }),
    '$.max_concurrency: Has no effect on a node with "targets". It belongs on a target.',
  ],
  ['max_concurrency 0', target('a', { max_concurrency: 0 }), '$.max_concurrency'],
  [
    'sticky beside another algorithm',
    balance({ algorithm: 'latency', sticky: {} }),
    '$.strategy.sticky: Has no effect beside another "algorithm".',
  ],
  [
    'a sticky switched off and on',
    balance({ algorithm: 'sticky', sticky: { enabled: false } }),
    '$.strategy.sticky.enabled: Contradicts',
  ],
  ['a hash field of nowhere', balance({ sticky: { hash_fields: ['user'] } }), '$.strategy.sticky.hash_fields[0]'],
])('refuses %s', (_, config, start) => {
  const issues = issuesOf(config);
  expect(issues).toHaveLength(1);
  expect(issues[0]?.slice(0, start.length)).toBe(start);
});

it('reads a cooldown in seconds, with its defaults', () => {
  expect(cooldownSettings({ cooldown: {} })).toEqual({
    policy: { allowedFails: 3, windowMs: 60_000, timeMs: 30_000, maxTimeMs: 600_000, minRequests: 10, perError: {} },
    allOpen: { mode: 'wait', maxWaitMs: 10_000 },
    exemptSingle: true,
  });
  expect(cooldownSettings({ cooldown: { failure_ratio: 0.5 } })).toMatchObject({
    policy: { allowedFails: Number.POSITIVE_INFINITY, failureRatio: 0.5 },
  });
  expect(cooldownSettings({ cooldown: { time: 0 } })).toBe('off');
});

it('reads Portkey’s circuit breaker in milliseconds', () => {
  const given = {
    failure_threshold: 5,
    failure_threshold_percentage: 40,
    minimum_requests: 20,
    cooldown_interval: 45_000,
    failure_status_codes: [429, 500],
  };
  expect(cooldownSettings({ cb_config: given })).toEqual({
    policy: {
      allowedFails: 5,
      windowMs: 60_000,
      timeMs: 45_000,
      maxTimeMs: 45_000,
      failureRatio: 0.4,
      minRequests: 20,
      perError: {},
      onStatusCodes: [429, 500],
    },
    allOpen: { mode: 'panic', maxWaitMs: 0 },
    exemptSingle: true,
  });
});

it('hands a cooldown down, replaced whole by a nearer one, switched off by time 0', async () => {
  const { ask, answers, of } = fleet({
    ...balance({}, { cooldown: { allowed_fails: 0 } }),
    targets: [target('a'), target('b', { cooldown: { allowed_fails: 1 } }), target('c', { cooldown: { time: 0 } })],
  });
  for (const name of 'abc') answers[name] = 500;
  for (let i = 0; i < 3; i++) await ask();
  expect(['a', 'b', 'c'].map((name) => of(name)?.health)).toEqual(['cooling', 'ready', 'ready']);
  for (let i = 0; i < 3; i++) await ask();
  expect(['a', 'b', 'c'].map((name) => of(name)?.health)).toEqual(['cooling', 'cooling', 'ready']);
});

it('opens on a part of failed requests once enough were made', async () => {
  const { ask, answers, of } = fleet({
    strategy: { mode: 'fallback' },
    cooldown: { failure_ratio: 0.5, min_requests: 6 },
    targets: [target('a'), target('b')],
  });
  const outcomes = [500, 500, 500, 200, 200];
  for (const outcome of outcomes) {
    answers.a = outcome;
    await ask();
  }
  expect(of('a')?.health).toBe('ready');
  answers.a = 200;
  await ask();
  expect(of('a')?.health).toBe('ready');
  answers.a = 500;
  await ask();
  expect(of('a')?.health).toBe('cooling');
});

it('tells targets of one key apart by the model the config sets, not by the one asked for', async () => {
  const keyed = (model?: string) => ({
    provider: 'openai',
    api_key: 'k',
    custom_host: 'http://a.test/v1',
    ...(model === undefined ? {} : { override_params: { model } }),
  });
  const { portkey, ask } = fleet(balance({}, {}, keyed('x'), keyed('y'), keyed(), keyed()));
  for (let i = 0; i < 4; i++) await ask({}, {}, { model: `asked-${i}` });
  const ids = portkey.state().map(({ id }) => id);
  expect(ids).toHaveLength(3);
  expect(ids[0]?.endsWith(':x')).toBe(true);
  expect(portkey.state()[2]?.paths).toEqual(['config.targets[2]', 'config.targets[3]']);
  expect(JSON.stringify(portkey.state())).not.toContain('"k"');
});

it('does not send a function to a gateway', async () => {
  const { portkey } = fleet(
    {},
    { baseURL: 'http://gateway.test/v1', environment: undefined, config: balance({ algorithm: () => 0 }) as object },
  );
  await expect(portkey.chat.completions.create({ model: 'm', messages: [] })).rejects.toThrow(
    'A function cannot be sent to a gateway',
  );
});
