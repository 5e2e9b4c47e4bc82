import * as z from 'zod';
import { errorEdges } from '../core/errors/kind.ts';
import { algorithms } from '../routing/algorithms/index.ts';
import { countedEdges } from '../routing/middleware/index.ts';
import type { Config } from './config.ts';
import { hookKeys } from './guard/hook-entries.ts';
import type { Issues } from './issues.ts';
import { limitShape } from './limits/limit-schema.ts';
import { moneySchema } from './money/money-schema.ts';
import { groupFields, isKeyOfNames } from './schema-groups.ts';

const statusCodes = z.array(z.int().min(100).max(599));
const milliseconds = z.number().nonnegative().max(2_147_483_647);
const params = z.record(z.string(), z.unknown());
const edges = z.array(z.enum(errorEdges)).min(1);

const seconds = z.number().nonnegative().max(2_147_483);
const count = z.int().min(0).max(1_000_000);

const cooldown = z.object({
  allowed_fails: z.int().min(0).max(10_000).optional(),
  window: seconds.positive().optional(),
  time: seconds.optional(),
  max_time: seconds.positive().optional(),
  failure_ratio: z.number().gt(0).max(1).optional(),
  min_requests: count.optional(),
  per_error: z.partialRecord(z.enum(countedEdges), z.int().min(0).max(10_000)).optional(),
  when_all_open: z.enum(['wait', 'panic', 'fail']).optional(),
  max_wait: seconds.optional(),
  exempt_single: z.boolean().optional(),
  auth_time: seconds.positive().optional(),
});

// The bounds are those of Portkey's documentation, "Circuit Breaker".
const breaker = z.object({
  failure_threshold: z.int().min(1).max(10_000).optional(),
  failure_threshold_percentage: z.number().gt(0).max(100).optional(),
  minimum_requests: count.optional(),
  cooldown_interval: z.number().min(30_000).max(2_147_483_647).optional(),
  failure_status_codes: statusCodes.min(1).optional(),
});

const sticky = z.object({
  enabled: z.boolean().optional(),
  hash_fields: z
    .array(z.string().regex(/^(metadata|params)\../, 'must begin with "metadata." or "params."'))
    .min(1)
    .optional(),
  ttl: seconds.positive().optional(),
});

const algorithm = z.union(
  [z.enum(Object.keys(algorithms) as [string, ...string[]]), z.custom((value) => typeof value === 'function')],
  `Expected one of ${Object.keys(algorithms)
    .map((name) => JSON.stringify(name))
    .join('|')} or a function`,
);

const strategy = z.object({
  mode: z.enum(['single', 'fallback', 'loadbalance', 'conditional']),
  on_status_codes: statusCodes.optional(),
  on_errors: edges.optional(),
  conditions: z.array(z.object({ query: params, then: z.string() })).optional(),
  default: z.string().optional(),
  algorithm: algorithm.optional(),
  failover: z.boolean().optional(),
  share_deadline: z.boolean().optional(),
  sticky: sticky.optional(),
  weight_by: z.enum(['weight', 'rpm', 'tpm']).optional(),
  cb_config: breaker.optional(),
});

const retry = z.object({
  attempts: z.int().min(0).max(100),
  on_status_codes: statusCodes.optional(),
  use_retry_after_header: z.boolean().optional(),
  max_wait: milliseconds.optional(),
  per_error: z.partialRecord(z.enum(errorEdges).exclude(['any']), z.int().min(0).max(100)).optional(),
  backoff: z
    .object({
      initial: milliseconds.optional(),
      factor: z.number().min(1).max(100).optional(),
      max: milliseconds.optional(),
      jitter: z.number().min(0).max(1).optional(),
    })
    .optional(),
  budget: z
    .object({
      ratio: z.number().min(0).max(100).optional(),
      min_per_second: z.number().min(0).max(1_000_000).optional(),
    })
    .optional(),
  scope: z.enum(['target', 'node']).optional(),
});

// A user name in an address would end up in logs, and fetch refuses it.
const address = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/^https?:\/\/[^/?#]*@/.test(url), 'must not hold a user name or password');

// 90 days at most, as on Portkey's hosted gateway.
const cacheFields = z.object({
  mode: z.enum(['simple', 'semantic']),
  max_age: z.number().min(1).max(7_776_000).optional(),
  namespace: z.string().min(1).optional(),
  scope: z.enum(['client', 'shared']).optional(),
  group: z.string().min(1).optional(),
  opt_in: z.boolean().optional(),
  threshold: z.number().gt(0).max(1).optional(),
});

const healthCheck = z.object({
  interval: seconds.min(1).optional(),
  timeout: seconds.positive().optional(),
  path: z
    .string()
    .regex(/^\/(?!\/)[^\\#\s]*$/, 'must be a path below the base URL that begins with "/"')
    .optional(),
  request: params.optional(),
  unhealthy_after: z.int().min(1).max(1000).optional(),
  healthy_after: z.int().min(1).max(1000).optional(),
});

const affinityKind = z.enum(['user', 'session', 'prefix']);
const affinity = z.object({
  by: z.union([affinityKind, z.array(affinityKind).min(1)], 'Expected "user", "session", "prefix", or a list of them'),
  ttl: seconds.positive().optional(),
});

// Provider fields pass as they are: spelling has already refused keys nobody knows.
const fields = z.looseObject({
  strategy: strategy.optional(),
  affinity: affinity.optional(),
  id: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  weight: z.number().nonnegative().optional(),
  ref: z.string().min(1).optional(),
  on_errors: edges.optional(),
  provider: z.string().min(1).optional(),
  api_key: z.string().min(1).optional(),
  virtual_key: z.string().min(1).optional(),
  custom_host: address.optional(),
  forward_headers: z.array(z.string()).optional(),
  override_params: params.optional(),
  default_params: params.optional(),
  drop_params: z.array(z.string().min(1)).optional(),
  retry: retry.optional(),
  cooldown: cooldown.optional(),
  cb_config: breaker.optional(),
  health_check: healthCheck.optional(),
  max_concurrency: z.int().min(1).max(1_000_000).optional(),
  request_timeout: milliseconds.optional(),
  total_timeout: milliseconds.optional(),
  first_token_timeout: milliseconds.optional(),
  idle_timeout: milliseconds.optional(),
  strict_open_ai_compliance: z.boolean().optional(),
  strict_params: z.boolean().optional(),
  ...Object.fromEntries(hookKeys.map(({ key }) => [key, z.array(z.unknown()).optional()])),
  ...groupFields,
  ...moneySchema,
  tags: z.array(z.string().min(1)).optional(),
  tag_match: z.enum(['any', 'all']).optional(),
  region: z.string().min(1).optional(),
  ...limitShape,
});

/** The shape of a node, in canonical spelling. */
export const configSchema: z.ZodType = fields.extend({
  get targets() {
    return z.array(configSchema).optional();
  },
  get model_groups() {
    return z.record(z.string().min(1), configSchema).optional();
  },
  get cache() {
    return cache.optional();
  },
});

const cache: z.ZodType = cacheFields.extend({
  get embedding() {
    return configSchema.optional();
  },
});

/** Stands for every path: nothing is known of the shape of any node. */
export const everything = '';

/** Is this canonically spelled config of the right shape? Each problem is reported; `broken` gets the path of every node that has one. */
export function isWellShaped(config: unknown, issues: Issues, broken: Set<string>): config is Config {
  const result = read(config);
  if (result === undefined) {
    issues.add('$', 'Holds an object with a member "length" where a text or a list belongs.');
    broken.add(everything);
    return false;
  }
  if (result.success) return true;
  for (const issue of result.error.issues.flatMap(nearest)) {
    issues.add(toPath(issue.path), toMessage(issue, valueAt(config, issue.path)));
    broken.add(toPath(nodeOf(issue.path)));
  }
  return false;
}

/** Undefined where zod stumbles: it compares the `length` of whatever has one, also of an object in place of a text. */
function read(config: unknown): ReturnType<typeof configSchema.safeParse> | undefined {
  try {
    return configSchema.safeParse(config);
  } catch {
    return undefined;
  }
}

/** Of a union the alternative that fits best: the one whose problems lie deepest. */
function nearest(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const deepest = issue.errors.find((problems) => problems.every(({ path }) => path.length > 0));
  if (deepest === undefined) return [issue];
  return deepest.flatMap((problem) => nearest({ ...problem, path: [...issue.path, ...problem.path] }));
}

/** The node that a path leads into: a model group, then its leading `targets`, index pairs. */
function nodeOf(path: readonly PropertyKey[]): readonly PropertyKey[] {
  let length = path[0] === 'model_groups' && path.length > 1 ? 2 : 0;
  while (path[length] === 'targets' && typeof path[length + 1] === 'number') length += 2;
  return path.slice(0, length);
}

function toPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key, index) => text + toStep(key, path[index - 1]), '$');
}

/** Names of models are full of dots. */
function toStep(key: PropertyKey, above: PropertyKey | undefined): string {
  if (typeof key === 'number') return `[${key}]`;
  return isKeyOfNames(above) ? `[${JSON.stringify(key)}]` : `.${String(key)}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** Of keys, tokens to enter with, and the like; `tokens` are numbers. */
const isSecret = /key|token(?!s)|secret|host|json/;

/** zod's sentence, and what stood there unless it may be a secret. */
function toMessage(issue: z.core.$ZodIssue, received: unknown): string {
  const hidden = received === undefined || typeof received === 'object' || isSecret.test(issue.path.join('.'));
  const text = issue.message.replace(/^Invalid input: /, '').replace(/^Invalid option: /, '');
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return hidden ? `${sentence}.` : `${sentence}, received ${JSON.stringify(received)}.`;
}
