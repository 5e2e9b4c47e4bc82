import * as z from 'zod/mini';
import type { ConfigIssue } from '../core/errors/config-error.ts';
import type { JsonObject } from '../core/json.ts';
import type { KeyTerms } from '../core/key-terms.ts';
import { readShape } from '../core/read-shape.ts';

/** What a virtual key may cost, as Portkey writes it. Source: Portkey API reference, "Create Virtual Key". */
export interface UsageLimits {
  /** US dollars, or tokens of prompts and replies. More than 0. */
  readonly credit_limit: number;
  /** Default `cost`. */
  readonly type?: 'cost' | 'tokens' | undefined;
  /** In what `credit_limit` counts, and at most that: from there on one `warning` event is told in each period. Each process counts what it spent itself. */
  readonly alert_threshold?: number | null | undefined;
  /** When all begins anew: with each week (Monday) or month, UTC. Default: never. */
  readonly periodic_reset?: 'weekly' | 'monthly' | null | undefined;
}

/** How much may be sent with a virtual key, as Portkey writes it. */
export interface KeyRateLimit {
  readonly type: 'requests' | 'tokens';
  /** In any second, minute, hour, day or week. */
  readonly unit: 'rps' | 'rpm' | 'rph' | 'rpd' | 'rpw';
  /** Whole, 1 or more. */
  readonly value: number;
}

/** The terms of a virtual key as they are written and kept. */
export interface WrittenTerms {
  readonly usage_limits?: UsageLimits | undefined;
  readonly rate_limits?: readonly KeyRateLimit[] | undefined;
  /** ISO 8601 with a time zone. */
  readonly expires_at?: string | undefined;
}

/** The names of {@link WrittenTerms}. */
export const termNames = ['usage_limits', 'rate_limits', 'expires_at'] as const;

/** The most rate limits that one virtual key has. */
export const mostKeyRates = 4;

const amount = z.number().check(z.positive(), z.maximum(1_000_000_000));

const usageLimits = z
  .strictObject({
    credit_limit: amount,
    type: z.optional(z.enum(['cost', 'tokens'])),
    alert_threshold: z.nullish(amount),
    periodic_reset: z.nullish(z.enum(['weekly', 'monthly'])),
  })
  .check(
    z.refine(({ credit_limit, alert_threshold }) => (alert_threshold ?? 0) <= credit_limit, {
      path: ['alert_threshold'],
      error: 'must be at most credit_limit, in the same unit',
    }),
    z.refine(({ credit_limit, type }) => type !== 'tokens' || Number.isInteger(credit_limit), {
      path: ['credit_limit'],
      error: 'must be a whole number of tokens',
    }),
  );

const rateLimits = z
  .array(
    z.strictObject({
      type: z.enum(['requests', 'tokens']),
      unit: z.enum(['rps', 'rpm', 'rph', 'rpd', 'rpw']),
      value: z.int().check(z.minimum(1), z.maximum(1_000_000_000)),
    }),
    'must be a list such as [{ "type": "requests", "unit": "rpm", "value": 60 }]',
  )
  .check(
    z.maxLength(mostKeyRates, `has more than ${mostKeyRates} entries`),
    z.refine(
      (list) => new Set(list.map(({ type, unit }) => `${type} ${unit}`)).size === list.length,
      'limits the same type in the same unit twice. Keep one',
    ),
  );

const expiresAt = z.iso.datetime({
  offset: true,
  error: 'must be a time as ISO 8601 has it, with a time zone: "2030-01-31T00:00:00Z"',
});

/** The terms of a virtual key as kept. */
export const writtenTerms = z.object({
  usage_limits: z.optional(usageLimits),
  rate_limits: z.optional(rateLimits),
  expires_at: z.optional(expiresAt),
});

/** What is said of terms among a virtual key's fields; null says that there are none. Issues have paths such as `rate_limits.0.unit`. */
export function readTerms(fields: JsonObject): TermsReading {
  const given = Object.fromEntries(
    termNames.flatMap((name) => (fields[name] === undefined || fields[name] === null ? [] : [[name, fields[name]]])),
  );
  const { success, data, error } = readShape(writtenTerms, given);
  if (success) return { written: data, issues: [] };
  const issues = error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message: message
      .replace(/^(?:Invalid|Too) /, (start) => `is ${start.trim().toLowerCase()}: `)
      .replace(/: (?:input: )?/, ': '),
  }));
  return { issues };
}

/** What {@link readTerms} found. */
export type TermsReading =
  | { readonly written: WrittenTerms; readonly issues: readonly [] }
  | { readonly written?: undefined; readonly issues: readonly ConfigIssue[] };

const unitMs = { rps: 1000, rpm: 60_000, rph: 3_600_000, rpd: 86_400_000, rpw: 604_800_000 } as const;

/** Written terms in plain numbers; undefined where nothing is limited. */
export function toTerms({
  usage_limits: usage,
  rate_limits: rates = [],
  expires_at,
}: WrittenTerms): KeyTerms | undefined {
  if (usage === undefined && rates.length === 0 && expires_at === undefined) return undefined;
  return {
    rates: rates.map(({ type, unit, value }) => ({ of: type, limit: value, perMs: unitMs[unit] })),
    ...(expires_at === undefined ? {} : { expiresAt: Date.parse(expires_at) }),
    ...(usage === undefined
      ? {}
      : {
          usage: {
            of: usage.type ?? 'cost',
            amount: usage.credit_limit,
            ...(usage.alert_threshold == null ? {} : { alertAt: usage.alert_threshold }),
            ...(usage.periodic_reset == null ? {} : { reset: usage.periodic_reset }),
          },
        }),
  };
}
