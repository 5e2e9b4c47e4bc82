import { providerFields } from './config.ts';

/** A place in a config that has keys of its own. */
export type Place = 'node' | 'strategy' | 'retry' | 'cache' | 'condition';

/** The keys of each place, in canonical spelling. */
export const keysOf: Readonly<Record<Place, ReadonlySet<string>>> = {
  node: new Set([
    'strategy',
    'targets',
    'id',
    'name',
    'weight',
    'ref',
    'on_errors',
    'provider',
    'api_key',
    'virtual_key',
    'custom_host',
    'forward_headers',
    'override_params',
    'default_params',
    'drop_params',
    'retry',
    'cache',
    'request_timeout',
    'total_timeout',
    'first_token_timeout',
    'idle_timeout',
    'strict_open_ai_compliance',
    'strict_params',
    ...providerFields,
  ]),
  strategy: new Set(['mode', 'on_status_codes', 'on_errors', 'conditions', 'default', 'algorithm', 'failover']),
  retry: new Set(['attempts', 'on_status_codes', 'use_retry_after_header', 'max_wait', 'per_error', 'scope']),
  cache: new Set(['mode', 'max_age', 'namespace', 'scope', 'group']),
  condition: new Set(['query', 'then']),
};

/** Other spellings of a key, by place. */
export const aliasesOf: Readonly<Record<Place, Readonly<Record<string, string>>>> = {
  node: {},
  strategy: {},
  retry: { use_retry_after_headers: 'use_retry_after_header' },
  cache: {},
  condition: {},
};

/** Portkey keys, and keys of the routing design, that this version cannot honour: refused rather than ignored. */
export const unsupportedKeys: Readonly<Record<Place, ReadonlySet<string>>> = {
  node: new Set([
    'rate_limit',
    'rpm',
    'tpm',
    'rps',
    'quota_group',
    'max_concurrency',
    'cooldown',
    'cb_config',
    'budget',
    'on_exhausted',
    'queue',
    'affinity',
    'api_keys',
    'before_request_hooks',
    'after_request_hooks',
    'input_guardrails',
    'output_guardrails',
    'input_mutators',
    'output_mutators',
    'default_input_guardrails',
    'default_output_guardrails',
    'prompt_id',
    'passthrough',
    'fetch_integrated_models',
    'tags',
    'region',
    'pricing',
    'max_input_tokens',
    'max_output_tokens',
  ]),
  strategy: new Set(['sticky', 'cb_config', 'weight_by']),
  retry: new Set(['backoff', 'budget']),
  cache: new Set(),
  condition: new Set(),
};

/** Request parameters people write on a target by mistake. */
export const paramKeys: ReadonlySet<string> = new Set([
  'model',
  'temperature',
  'max_tokens',
  'max_completion_tokens',
  'top_p',
  'top_k',
  'stop',
  'seed',
  'stream',
  'tools',
  'messages',
  'response_format',
  'reasoning_effort',
]);
