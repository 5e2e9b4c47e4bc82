import fc from 'fast-check';
import { describe, it } from 'vitest';
import { ConfigError } from '../../src/core/errors/index.ts';
import { fromJavelin, fromLiteLLM, fromPortkeyLegacy } from '../../src/import.ts';
import { hostileJson, mutated, mutations, runs } from './runs.ts';

const litellm = {
  model_list: [
    {
      model_name: 'gpt',
      litellm_params: { model: 'azure/x', api_key: 'k', api_base: 'https://x.test', rpm: 3, weight: 2 },
    },
    {
      model_name: 'gpt',
      litellm_params: { model: 'openai/gpt-4o', api_key: 'os.environ/KEY', tpm: 9 },
      model_info: { id: 'i' },
    },
    { model_name: 'claude-*', litellm_params: { model: 'anthropic/*', api_key: 'k', timeout: 5, max_retries: 2 } },
  ],
  router_settings: {
    routing_strategy: 'usage-based-routing-v2',
    num_retries: 2,
    allowed_fails: 3,
    cooldown_time: 5,
    fallbacks: [{ gpt: ['claude-*'] }],
    context_window_fallbacks: [{ gpt: ['gpt'] }],
    model_group_alias: { four: 'gpt' },
    redis_host: 'localhost',
    redis_port: 6379,
  },
  litellm_settings: {
    request_timeout: 10,
    cache: true,
    cache_params: { type: 'redis', ttl: 5 },
    default_fallbacks: ['gpt'],
  },
  general_settings: { master_key: 'sk-1' },
};
const javelin = {
  routes: [
    {
      name: 'r',
      type: 'chat',
      enabled: true,
      models: [
        { model: { name: 'gpt', provider: 'openai', suffix: '/chat/completions', weight: 70, fallback: false } },
        { model: { name: 'c', provider: 'anthropic', weight: 30, fallback: true, config: { rate_limit: 5 } } },
      ],
      config: { rate_limit: 7, retries: 2, budget: { enabled: true, weekly: 10 }, fallback_codes: [429] },
    },
  ],
};
const legacy = {
  mode: 'loadbalance',
  options: [
    { provider: 'azure-openai', apiKey: 'k', resourceName: 'r', deploymentId: 'd', apiVersion: 'v', weight: 0.5 },
    { provider: 'openai', virtual_key: 'vk', override_params: { model: 'm' }, retry: { attempts: 2 }, cache: 'simple' },
  ],
};

describe.each([
  ['LiteLLM', litellm, (document: unknown) => fromLiteLLM(document, { environment: { KEY: 'k' } })],
  ['Javelin', javelin, fromJavelin],
  ['legacy Portkey', legacy, fromPortkeyLegacy],
] as const)('a %s document is imported, or refused with a ConfigError that says where', (_, whole, read) => {
  const reads = (document: unknown) => {
    try {
      read(document);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      if (error.issues.length === 0 || error.issues.some(({ path }) => path === '')) throw error;
    }
  };

  it('whatever is changed in it', () => {
    fc.assert(
      fc.property(mutations, (changes) => reads(mutated(whole, changes))),
      { numRuns: runs(400) },
    );
  });

  it('whatever it is', () => {
    fc.assert(fc.property(fc.oneof(hostileJson, fc.string(), fc.anything()), reads), { numRuns: runs(300) });
  });
});
