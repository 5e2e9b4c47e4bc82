import { liteLlmNames, priceNames } from '../observe/pricing/own-price.ts';
import { providerFields } from './config.ts';
import { hookKeys } from './guard/hook-entries.ts';
import { apiKeyKeys, limitKeys, queueKeys, rateLimitKeys } from './limits/limit-keys.ts';
import { rootKeys } from './model-group-fields.ts';

/** A place in a config that has keys of its own. */
export type Place =
  | 'node'
  | 'strategy'
  | 'retry'
  | 'cache'
  | 'condition'
  | 'cooldown'
  | 'cb_config'
  | 'sticky'
  | 'affinity'
  | 'health_check'
  | 'budget'
  | 'pricing'
  | 'backoff'
  | 'retry_budget'
  | 'rate_limit'
  | 'queue'
  | 'api_keys';

/** The keys of each place, in canonical spelling. */
export const keysOf: Readonly<Record<Place, ReadonlySet<string>>> = {
  node: new Set([
    'strategy',
    'targets',
    'affinity',
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
    'cooldown',
    'cb_config',
    'max_concurrency',
    'health_check',
    'request_timeout',
    'total_timeout',
    'first_token_timeout',
    'idle_timeout',
    'strict_open_ai_compliance',
    'strict_params',
    ...hookKeys.map(({ key }) => key),
    ...rootKeys,
    'budget',
    'on_exhausted',
    'pricing',
    'max_input_tokens',
    'max_output_tokens',
    'tags',
    'tag_match',
    'region',
    ...limitKeys,
    ...providerFields,
  ]),
  strategy: new Set([
    'mode',
    'on_status_codes',
    'on_errors',
    'conditions',
    'default',
    'algorithm',
    'failover',
    'share_deadline',
    'sticky',
    'cb_config',
    'weight_by',
  ]),
  retry: new Set([
    'attempts',
    'on_status_codes',
    'use_retry_after_header',
    'max_wait',
    'per_error',
    'backoff',
    'budget',
    'scope',
  ]),
  cache: new Set(['mode', 'max_age', 'namespace', 'scope', 'group', 'opt_in', 'threshold', 'embedding']),
  condition: new Set(['query', 'then']),
  cooldown: new Set([
    'allowed_fails',
    'window',
    'time',
    'max_time',
    'failure_ratio',
    'min_requests',
    'per_error',
    'when_all_open',
    'max_wait',
    'exempt_single',
    'auth_time',
  ]),
  cb_config: new Set([
    'failure_threshold',
    'failure_threshold_percentage',
    'minimum_requests',
    'cooldown_interval',
    'failure_status_codes',
  ]),
  sticky: new Set(['enabled', 'hash_fields', 'ttl']),
  affinity: new Set(['by', 'ttl']),
  health_check: new Set(['interval', 'timeout', 'path', 'request', 'unhealthy_after', 'healthy_after']),
  budget: new Set(['amount', 'currency', 'period', 'reset', 'timezone', 'by', 'of', 'unpriced', 'on_exhausted']),
  pricing: new Set([...priceNames, ...Object.values(liteLlmNames)]),
  backoff: new Set(['initial', 'factor', 'max', 'jitter']),
  retry_budget: new Set(['ratio', 'min_per_second']),
  rate_limit: new Set(rateLimitKeys),
  queue: new Set(queueKeys),
  api_keys: new Set(apiKeyKeys),
};

/** Other spellings of a key, by place. */
export const aliasesOf: Readonly<Record<Place, Readonly<Record<string, string>>>> = {
  node: {},
  strategy: {},
  retry: { use_retry_after_headers: 'use_retry_after_header' },
  cache: {},
  condition: {},
  cooldown: {},
  cb_config: {},
  sticky: {},
  affinity: {},
  health_check: {},
  budget: { time_zone: 'timezone' },
  pricing: {},
  backoff: {},
  retry_budget: {},
  rate_limit: {},
  queue: {},
  api_keys: {},
};

/** Portkey keys, and keys of the routing design, that this version cannot honour: refused rather than ignored. */
export const unsupportedKeys: Readonly<Record<Place, ReadonlySet<string>>> = {
  node: new Set(['prompt_id', 'passthrough', 'fetch_integrated_models']),
  strategy: new Set(),
  retry: new Set(),
  cache: new Set(),
  condition: new Set(),
  cooldown: new Set(),
  cb_config: new Set(),
  sticky: new Set(),
  affinity: new Set(),
  health_check: new Set(),
  budget: new Set(),
  pricing: new Set(),
  backoff: new Set(),
  retry_budget: new Set(),
  rate_limit: new Set(),
  queue: new Set(),
  api_keys: new Set(),
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
