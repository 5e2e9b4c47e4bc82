import { z } from 'zod';
import { ConfigError } from '../core/errors/config-error.ts';
import { type Behaviour, failureKinds, type ReplyBehaviour, type Scenario } from './behaviour.ts';
import { pathOf } from './schema-path.ts';

/** Checks a scenario: what a script file may hold. Throws `ConfigError` that lists everything wrong, with paths. */
export function parseScenario(value: unknown): Scenario {
  return parsed(z.strictObject(scenarioShape), value, 'Invalid simulator scenario');
}

/** Checks the options of a simulator; the scenario in them is taken over. */
export function parseOptions(value: unknown): Scenario {
  return parsed(options, value, 'Invalid simulator options');
}

/** Checks a provider's standing behaviour. */
export function parseBehaviour(value: unknown): Behaviour | readonly Behaviour[] {
  return parsed(behaviours, value, 'Invalid simulator behaviour');
}

/** Checks scripted replies. */
export function parseScript(value: unknown): readonly ReplyBehaviour[] {
  return parsed(script, value, 'Invalid simulator script');
}

function parsed<T>(schema: z.ZodType, value: unknown, subject: string): T {
  const result = schema.safeParse(value);
  // The types are written by hand for their docstrings; a test sets every field of them.
  if (result.success) return result.data as T;
  throw new ConfigError(
    result.error.issues.map((issue) => ({ path: pathOf(issue.path), message: issue.message })),
    subject,
  );
}

const count = z.int().min(0);
const milliseconds = z.number().min(0);
const flag = z.boolean().optional();
const reservedHeaders: readonly string[] = ['x-modelmux-simulator', 'server', 'content-length', 'transfer-encoding'];

const paceShape = {
  latencyMs: z
    .union([milliseconds, z.tuple([milliseconds, milliseconds])], {
      error: 'must be milliseconds, or [minimum, maximum]',
    })
    .refine((latency) => typeof latency === 'number' || latency[0] <= latency[1], {
      error: 'must be milliseconds, or [minimum, maximum]',
    })
    .optional(),
  firstTokenMs: milliseconds.optional(),
  tokensPerSecond: z.number().min(0).optional(),
};

const contentShape = {
  text: z.string().optional(),
  reasoning: z.string().optional(),
  toolCalls: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        arguments: z.union([z.string(), z.record(z.string(), z.unknown())], { error: 'must be a string or an object' }),
        id: z.string().optional(),
      }),
    )
    .optional(),
  jsonObject: z.record(z.string(), z.unknown()).optional(),
  refusal: z.string().optional(),
  contentFilter: flag,
  finishReason: z.string().optional(),
  usage: z
    .union(
      [
        z.literal(false),
        z.strictObject({
          inputTokens: count.optional(),
          outputTokens: count.optional(),
          cachedTokens: count.optional(),
          cacheWriteTokens: count.optional(),
          reasoningTokens: count.optional(),
        }),
      ],
      {
        error:
          'must be false, or token counts by inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens',
      },
    )
    .optional(),
};

const failingShape = {
  status: z.int().min(200).max(599).optional(),
  error: z.enum(failureKinds).optional(),
  retryAfter: z
    .union([milliseconds, z.string(), z.strictObject({ ms: milliseconds })], {
      error: 'must be seconds, a date as HTTP writes it, or {ms}',
    })
    .optional(),
  headers: z
    .record(
      z.string().refine((name) => !reservedHeaders.includes(name.toLowerCase()), {
        error: `cannot be set: ${reservedHeaders.join(', ')} are the simulator's own`,
      }),
      z.string(),
    )
    .optional(),
  body: z.unknown().optional(),
  outage: flag,
  errorRate: z.number().min(0).max(1).optional(),
};

const faultsShape = {
  reset: z.enum(['before-headers', 'in-body', 'in-stream']).optional(),
  cutAfterChunks: count.optional(),
  stallAfterChunks: count.optional(),
  silent: flag,
  malformedChunkAt: count.optional(),
  errorEventAt: count.optional(),
  html: flag,
  errorIn200: flag,
  truncatedJson: flag,
  dripBytesMs: milliseconds.optional(),
  splitBytes: z.int().min(1).optional(),
  crlf: flag,
  noDone: flag,
  comments: flag,
  gzip: flag,
};

const replyShape = {
  when: z.strictObject({ key: z.string().optional(), model: z.string().optional() }).optional(),
  match: z.custom((value) => typeof value === 'function', { error: 'must be a function' }).optional(),
  ...paceShape,
  ...contentShape,
  ...failingShape,
  ...faultsShape,
};

const reply = z.strictObject(replyShape);
const behaviour = z.strictObject({
  ...replyShape,
  keys: z.array(z.string()).optional(),
  keyRequired: flag,
  models: z.array(z.string()).optional(),
  rateLimit: z.strictObject({ requests: z.int().min(1), perMs: z.number().positive() }).optional(),
  maxConcurrency: z.int().min(1).optional(),
});

const script = z.array(reply);
// Not a union, whose errors would not say what is wrong inside.
const behaviours = z.unknown().superRefine((value, context) => {
  const result = (Array.isArray(value) ? z.array(behaviour) : behaviour).safeParse(value);
  for (const { path, message } of result.error?.issues ?? []) context.addIssue({ code: 'custom', path, message });
});

const scenarioShape = {
  seed: z.int().optional(),
  defaults: behaviour.optional(),
  providers: z.record(z.string(), behaviours).optional(),
  scripts: z.record(z.string(), script).optional(),
};

const options = z.strictObject({
  ...scenarioShape,
  port: z.int().min(0).max(65_535).optional(),
  host: z.string().min(1).optional(),
  recordLimit: count.optional(),
  clock: z.custom((value) => typeof value === 'object' && value !== null, { error: 'must be a clock' }).optional(),
});
