/** Keys of a node about how much it may be asked. */
export const limitKeys = ['rate_limit', 'rpm', 'tpm', 'rps', 'quota_group', 'queue', 'api_keys'] as const;

/** Keys of `rate_limit`, or of each of its elements. */
export const rateLimitKeys = [
  'requests',
  'tokens',
  'input_tokens',
  'output_tokens',
  'per',
  'mode',
  'safety_margin',
] as const;

/** Keys of `queue`. */
export const queueKeys = ['max_wait', 'max_size', 'default_priority', 'aging'] as const;

/** Keys of an element of `api_keys`. */
export const apiKeyKeys = [
  'key',
  'id',
  'weight',
  'rate_limit',
  'rpm',
  'tpm',
  'rps',
  'quota_group',
  'max_concurrency',
] as const;
