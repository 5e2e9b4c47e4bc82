import * as z from 'zod';
import { toMilliseconds } from './duration.ts';

const amount = z.int().min(1).max(1_000_000_000_000);
const seconds = z.number().nonnegative().max(2_147_483);

const per = z
  .union([z.string(), z.number()], 'Expected a time such as "1s", "1m", "500ms", or a number of milliseconds')
  .refine(
    (given) => toMilliseconds(given) !== undefined,
    'Expected a time such as "1s", "1m", "500ms", or a number of milliseconds',
  );

/** One `rate_limit`. */
export const rateLimitSchema = z.object({
  requests: amount.optional(),
  tokens: amount.optional(),
  input_tokens: amount.optional(),
  output_tokens: amount.optional(),
  per,
  mode: z.enum(['steer', 'enforce', 'queue']).optional(),
  safety_margin: z.number().min(0).max(1).optional(),
});

const rateLimits = whicheverFits(rateLimitSchema, z.array(rateLimitSchema).min(1), Array.isArray);

const queue = z.object({
  max_wait: seconds.optional(),
  max_size: z.int().min(1).max(1_000_000).optional(),
  default_priority: z.number().min(-1_000_000).max(1_000_000).optional(),
  aging: seconds.optional(),
});

const rates = {
  rate_limit: rateLimits.optional(),
  rpm: amount.optional(),
  tpm: amount.optional(),
  rps: amount.optional(),
  quota_group: z.string().min(1).max(200).optional(),
};

/** One of `api_keys` that is more than a key. */
export const apiKeySchema = z.object({
  key: z.string().min(1),
  id: z.string().min(1).optional(),
  weight: z.number().nonnegative().optional(),
  max_concurrency: z.int().min(1).max(1_000_000).optional(),
  ...rates,
});

/** Shapes of a node's keys about how much it may be asked. */
export const limitShape = {
  ...rates,
  queue: queue.optional(),
  api_keys: z
    .array(whicheverFits(apiKeySchema, z.string().min(1), (given) => typeof given !== 'object'))
    .min(1)
    .optional(),
};

/** One shape or another, by a look at what is given: a union would only say that neither fits. */
function whicheverFits(usual: z.ZodType, other: z.ZodType, isOther: (given: unknown) => boolean): z.ZodType {
  return z.unknown().check(({ value, issues }) => {
    const { error } = (isOther(value) ? other : usual).safeParse(value);
    for (const issue of error?.issues ?? []) issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
  });
}
