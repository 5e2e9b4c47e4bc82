import * as z from 'zod/mini';
import { errorEdges } from '../core/errors/kind.ts';
import { readShape } from '../core/read-shape.ts';
import { algorithms } from '../routing/algorithms/index.ts';
import { countedEdges } from '../routing/middleware/index.ts';
import type { Config } from './config.ts';
import { hookKeys } from './guard/hook-entries.ts';
import type { Issues } from './issues.ts';
import { limitShape } from './limits/limit-schema.ts';
import { moneySchema } from './money/money-schema.ts';
import { groupFields, isKeyOfNames } from './schema-groups.ts';

const statusCodes = z.array(z.int().check(z.minimum(100), z.maximum(599)));
const milliseconds = z.number().check(z.nonnegative(), z.maximum(2_147_483_647));
const params = z.record(z.string(), z.unknown());
const edges = z.array(z.enum(errorEdges)).check(z.minLength(1));

const seconds = z.number().check(z.nonnegative(), z.maximum(2_147_483));
const count = z.int().check(z.minimum(0), z.maximum(1_000_000));

const cooldown = z.object({
  allowed_fails: z.optional(z.int().check(z.minimum(0), z.maximum(10_000))),
  window: z.optional(seconds.check(z.positive())),
  time: z.optional(seconds),
  max_time: z.optional(seconds.check(z.positive())),
  failure_ratio: z.optional(z.number().check(z.gt(0), z.maximum(1))),
  min_requests: z.optional(count),
  per_error: z.optional(z.partialRecord(z.enum(countedEdges), z.int().check(z.minimum(0), z.maximum(10_000)))),
  when_all_open: z.optional(z.enum(['wait', 'panic', 'fail'])),
  max_wait: z.optional(seconds),
  exempt_single: z.optional(z.boolean()),
  auth_time: z.optional(seconds.check(z.positive())),
});

// The bounds are those of Portkey's documentation, "Circuit Breaker".
const breaker = z.object({
  failure_threshold: z.optional(z.int().check(z.minimum(1), z.maximum(10_000))),
  failure_threshold_percentage: z.optional(z.number().check(z.gt(0), z.maximum(100))),
  minimum_requests: z.optional(count),
  cooldown_interval: z.optional(z.number().check(z.minimum(30_000), z.maximum(2_147_483_647))),
  failure_status_codes: z.optional(statusCodes.check(z.minLength(1))),
});

const sticky = z.object({
  enabled: z.optional(z.boolean()),
  hash_fields: z.optional(
    z
      .array(z.string().check(z.regex(/^(metadata|params)\../, 'must begin with "metadata." or "params."')))
      .check(z.minLength(1)),
  ),
  ttl: z.optional(seconds.check(z.positive())),
});

const algorithm = z.union(
  [z.enum(Object.keys(algorithms) as [string, ...string[]]), z.custom((value) => typeof value === 'function')],
  `Expected one of ${Object.keys(algorithms)
    .map((name) => JSON.stringify(name))
    .join('|')} or a function`,
);

const strategy = z.object({
  mode: z.enum(['single', 'fallback', 'loadbalance', 'conditional']),
  on_status_codes: z.optional(statusCodes),
  on_errors: z.optional(edges),
  conditions: z.optional(z.array(z.object({ query: params, then: z.string() }))),
  default: z.optional(z.string()),
  algorithm: z.optional(algorithm),
  failover: z.optional(z.boolean()),
  share_deadline: z.optional(z.boolean()),
  sticky: z.optional(sticky),
  weight_by: z.optional(z.enum(['weight', 'rpm', 'tpm'])),
  cb_config: z.optional(breaker),
});

const retry = z.object({
  attempts: z.int().check(z.minimum(0), z.maximum(100)),
  on_status_codes: z.optional(statusCodes),
  use_retry_after_header: z.optional(z.boolean()),
  max_wait: z.optional(milliseconds),
  per_error: z.optional(
    z.partialRecord(z.enum(errorEdges.filter((edge) => edge !== 'any')), z.int().check(z.minimum(0), z.maximum(100))),
  ),
  backoff: z.optional(
    z.object({
      initial: z.optional(milliseconds),
      factor: z.optional(z.number().check(z.minimum(1), z.maximum(100))),
      max: z.optional(milliseconds),
      jitter: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
    }),
  ),
  budget: z.optional(
    z.object({
      ratio: z.optional(z.number().check(z.minimum(0), z.maximum(100))),
      min_per_second: z.optional(z.number().check(z.minimum(0), z.maximum(1_000_000))),
    }),
  ),
  scope: z.optional(z.enum(['target', 'node'])),
});

// A user name in an address would end up in logs, and fetch refuses it.
const address = z
  .url({ protocol: /^https?$/ })
  .check(z.refine((url) => !/^https?:\/\/[^/?#]*@/.test(url), 'must not hold a user name or password'));

// 90 days at most, as on Portkey's hosted gateway.
const cacheFields = z.object({
  mode: z.enum(['simple', 'semantic']),
  max_age: z.optional(z.number().check(z.minimum(1), z.maximum(7_776_000))),
  namespace: z.optional(z.string().check(z.minLength(1))),
  scope: z.optional(z.enum(['client', 'shared'])),
  group: z.optional(z.string().check(z.minLength(1))),
  opt_in: z.optional(z.boolean()),
  threshold: z.optional(z.number().check(z.gt(0), z.maximum(1))),
});

const healthCheck = z.object({
  interval: z.optional(seconds.check(z.minimum(1))),
  timeout: z.optional(seconds.check(z.positive())),
  path: z.optional(
    z.string().check(z.regex(/^\/(?!\/)[^\\#\s]*$/, 'must be a path below the base URL that begins with "/"')),
  ),
  request: z.optional(params),
  unhealthy_after: z.optional(z.int().check(z.minimum(1), z.maximum(1000))),
  healthy_after: z.optional(z.int().check(z.minimum(1), z.maximum(1000))),
});

const affinityKind = z.enum(['user', 'session', 'prefix']);
const affinity = z.object({
  by: z.union(
    [affinityKind, z.array(affinityKind).check(z.minLength(1))],
    'Expected "user", "session", "prefix", or a list of them',
  ),
  ttl: z.optional(seconds.check(z.positive())),
});

// Provider fields pass as they are: spelling has already refused keys nobody knows.
const fields = z.looseObject({
  strategy: z.optional(strategy),
  affinity: z.optional(affinity),
  id: z.optional(z.string().check(z.minLength(1))),
  name: z.optional(z.string().check(z.minLength(1))),
  weight: z.optional(z.number().check(z.nonnegative())),
  ref: z.optional(z.string().check(z.minLength(1))),
  on_errors: z.optional(edges),
  provider: z.optional(z.string().check(z.minLength(1))),
  api_key: z.optional(z.string().check(z.minLength(1))),
  virtual_key: z.optional(z.string().check(z.minLength(1))),
  custom_host: z.optional(address),
  forward_headers: z.optional(z.array(z.string())),
  override_params: z.optional(params),
  default_params: z.optional(params),
  drop_params: z.optional(z.array(z.string().check(z.minLength(1)))),
  retry: z.optional(retry),
  cooldown: z.optional(cooldown),
  cb_config: z.optional(breaker),
  health_check: z.optional(healthCheck),
  max_concurrency: z.optional(z.int().check(z.minimum(1), z.maximum(1_000_000))),
  request_timeout: z.optional(milliseconds),
  total_timeout: z.optional(milliseconds),
  first_token_timeout: z.optional(milliseconds),
  idle_timeout: z.optional(milliseconds),
  strict_open_ai_compliance: z.optional(z.boolean()),
  strict_params: z.optional(z.boolean()),
  ...Object.fromEntries(hookKeys.map(({ key }) => [key, z.optional(z.array(z.unknown()))])),
  ...groupFields,
  ...moneySchema,
  tags: z.optional(z.array(z.string().check(z.minLength(1)))),
  tag_match: z.optional(z.enum(['any', 'all'])),
  region: z.optional(z.string().check(z.minLength(1))),
  ...limitShape,
});

/** The shape of a node, in canonical spelling. */
export const configSchema: z.ZodMiniType = z.extend(fields, {
  get targets() {
    return z.optional(z.array(configSchema));
  },
  get model_groups() {
    return z.optional(z.record(z.string().check(z.minLength(1)), configSchema));
  },
  get cache() {
    return z.optional(cache);
  },
});

const cache: z.ZodMiniType = z.extend(cacheFields, {
  get embedding() {
    return z.optional(configSchema);
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
function read(config: unknown): ReturnType<typeof readShape> | undefined {
  try {
    return readShape(configSchema, config);
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
