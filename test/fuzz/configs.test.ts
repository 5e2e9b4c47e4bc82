import fc from 'fast-check';
import { describe, it } from 'vitest';
import { ConfigError } from '../../src/core/errors/index.ts';
import { Portkey } from '../../src/portkey.ts';
import { hostileJson, mutated, mutations, runs } from './runs.ts';

const known = {
  strategy: {
    mode: 'loadbalance',
    algorithm: 'sticky',
    sticky: { hash_fields: ['metadata.user'], ttl: 60 },
    failover: true,
    on_status_codes: [429, 500],
    on_errors: ['rate_limit'],
  },
  retry: { attempts: 2, per_error: { timeout: 1 }, backoff: { initial: 1, factor: 2 }, budget: { ratio: 0.2 } },
  cooldown: { allowed_fails: 1, time: 3, per_error: { server: 2 }, when_all_open: 'panic' },
  cache: { mode: 'simple', max_age: 60, scope: 'shared', group: 'g' },
  queue: { max_wait: 1, max_size: 3, aging: 0 },
  affinity: { by: ['user', 'prefix'], ttl: 5 },
  total_timeout: 5000,
  request_timeout: 100,
  override_params: { model: 'x', temperature: 0.5 },
  input_guardrails: [{ 'default.contains': { operator: 'none', words: ['x'] }, deny: true }],
  budget: [{ amount: 1, period: 'day', timezone: 'Europe/Berlin', by: 'metadata.team', of: 'blue' }],
  targets: [
    {
      id: 'a',
      name: 'a',
      weight: 0.5,
      provider: 'openai',
      api_keys: ['k1', { key: 'k2', rate_limit: { requests: 3, per: '1s', mode: 'queue' }, max_concurrency: 2 }],
      pricing: { input: 1, output: 2 },
      max_input_tokens: 1000,
      tags: ['fast'],
    },
    {
      strategy: {
        mode: 'conditional',
        conditions: [{ query: { $or: [{ 'metadata.a': { $regex: '^x' } }, { 'params.n': { $gt: 3 } }] }, then: 'b' }],
        default: 'c',
      },
      targets: [
        { name: 'b', provider: 'anthropic', api_key: 'k', custom_host: 'http://b.test/v1', quota_group: 'q', rpm: 5 },
        { name: 'c', virtual_key: 'vk', health_check: { interval: 10, path: '/models' }, max_concurrency: 2 },
      ],
    },
    { strategy: { mode: 'fallback' }, targets: [{ provider: 'azure-openai', api_key: 'k', azure_resource_name: 'r' }] },
  ],
};

function compiles(config: unknown): void {
  try {
    void new Portkey({ config: config as object, environment: {}, priceList: false }).close();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (error.issues.length === 0 || error.issues.some(({ path }) => path === '')) throw error;
  }
}

describe('a config is taken, or refused with a ConfigError that says where', () => {
  it('whatever is changed in one', () => {
    fc.assert(
      fc.property(mutations, (changes) => compiles(mutated(known, changes))),
      { numRuns: runs(600) },
    );
  });

  it('whatever it is', () => {
    fc.assert(fc.property(fc.oneof(hostileJson, fc.anything()), compiles), { numRuns: runs(600) });
  });

  it('as text too', () => {
    const text = fc.oneof(
      mutations.map((changes) => JSON.stringify(mutated(known, changes)) ?? ''),
      fc.tuple(fc.nat(3000), fc.string({ maxLength: 4 })).map(([at, given]) => {
        const whole = JSON.stringify(known);
        return whole.slice(0, at % whole.length) + given + whole.slice((at % whole.length) + given.length);
      }),
      fc.string(),
    );
    fc.assert(fc.property(text, compiles), { numRuns: runs(400) });
  });
});
