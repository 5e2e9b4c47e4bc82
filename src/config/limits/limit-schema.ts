import * as z from 'zod/mini';
import { readShape } from '../../core/read-shape.ts';
import { toMilliseconds } from './duration.ts';

const amount = z.int().check(z.minimum(1), z.maximum(1_000_000_000_000));
const seconds = z.number().check(z.nonnegative(), z.maximum(2_147_483));

const per = z
  .union([z.string(), z.number()], 'Expected a time such as "1s", "1m", "500ms", or a number of milliseconds')
  .check(
    z.refine(
      (given) => toMilliseconds(given) !== undefined,
      'Expected a time such as "1s", "1m", "500ms", or a number of milliseconds',
    ),
  );

/** One `rate_limit`. */
export const rateLimitSchema = z.object({
  requests: z.optional(amount),
  tokens: z.optional(amount),
  input_tokens: z.optional(amount),
  output_tokens: z.optional(amount),
  per,
  mode: z.optional(z.enum(['steer', 'enforce', 'queue'])),
  safety_margin: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
});

const rateLimits = whicheverFits(rateLimitSchema, z.array(rateLimitSchema).check(z.minLength(1)), Array.isArray);

const queue = z.object({
  max_wait: z.optional(seconds),
  max_size: z.optional(z.int().check(z.minimum(1), z.maximum(1_000_000))),
  default_priority: z.optional(z.number().check(z.minimum(-1_000_000), z.maximum(1_000_000))),
  aging: z.optional(seconds),
});

const rates = {
  rate_limit: z.optional(rateLimits),
  rpm: z.optional(amount),
  tpm: z.optional(amount),
  rps: z.optional(amount),
  quota_group: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
};

/** One of `api_keys` that is more than a key. */
export const apiKeySchema = z.object({
  key: z.string().check(z.minLength(1)),
  id: z.optional(z.string().check(z.minLength(1))),
  weight: z.optional(z.number().check(z.nonnegative())),
  max_concurrency: z.optional(z.int().check(z.minimum(1), z.maximum(1_000_000))),
  ...rates,
});

/** Shapes of a node's keys about how much it may be asked. */
export const limitShape = {
  ...rates,
  queue: z.optional(queue),
  api_keys: z.optional(
    z
      .array(whicheverFits(apiKeySchema, z.string().check(z.minLength(1)), (given) => typeof given !== 'object'))
      .check(z.minLength(1)),
  ),
};

/** One shape or another, by a look at what is given: a union would only say that neither fits. */
function whicheverFits(
  usual: z.ZodMiniType,
  other: z.ZodMiniType,
  isOther: (given: unknown) => boolean,
): z.ZodMiniType {
  return z.unknown().check(({ value, issues }) => {
    const { error } = readShape(isOther(value) ? other : usual, value);
    for (const issue of error?.issues ?? []) issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
  });
}
