import { APIError } from '../../core/errors/api-error.ts';
import { CapacityError } from '../../core/errors/routing-errors.ts';
import type { Limit } from '../../core/limit.ts';
import type { HeaderMap } from '../../core/reply.ts';
import type { Quantity } from '../state/quantity.ts';
import type { QuotaReading, UpstreamGate } from '../state/upstream-gate.ts';
import { retryAfterMs, statusesWithRetryAfter } from './retry-delay.ts';

/** What the provider itself said, as a limit of `guards`: a path, or a quota group. */
export function upstreamLimit(gate: UpstreamGate, guards: string): Limit {
  return {
    readyAt: (demand, now) => gate.readyAt(demand, now),
    reserve(demand) {
      gate.spend(demand);
      return nothingHeld;
    },
    refusal: (demand, now) =>
      new CapacityError({
        code: 'upstream_rate_limit',
        message: `The provider behind ${guards} said that its own limit is used up.`,
        readyInMs: gate.readyAt(demand, now) - now,
      }),
  };
}

/** The provider's next word corrects what was spent. */
const nothingHeld = { settle: () => undefined, refund: () => undefined };

/** Tells the gate what the headers of an answer say: how much is left, and after a 429 or 503 when to come back. */
export function heedAnswer(gate: UpstreamGate, headers: HeaderMap, now: number): void {
  gate.note(readQuotas(headers, now), now);
}

/** As {@link heedAnswer}, of a failure; of one without an answer nothing. Refusals of our own say nothing of the provider. */
export function heedFailure(gate: UpstreamGate, error: unknown, now: number): void {
  if (!(error instanceof APIError) || error.kind === 'capacity') return;
  gate.note(readQuotas(error.headers, now), now);
  if (!statusesWithRetryAfter.includes(error.status ?? 0)) return;
  const waitMs = retryAfterMs(error.headers, now);
  if (waitMs !== undefined) gate.closeUntil(now + waitMs, now);
}

/** OpenAI's names, which most providers have taken over, and Anthropic's: of the quantity, then what is left, the whole, and when it is full. */
const headerNames: readonly (readonly [of: Quantity, remaining: string, limit: string, reset: string])[] = [
  ...openAiNames('requests'),
  ...openAiNames('tokens'),
  ...anthropicNames('requests'),
  ...anthropicNames('tokens'),
  ...anthropicNames('input_tokens'),
  ...anthropicNames('output_tokens'),
];

function openAiNames(of: Quantity) {
  return [[of, `x-ratelimit-remaining-${of}`, `x-ratelimit-limit-${of}`, `x-ratelimit-reset-${of}`] as const];
}

function anthropicNames(of: Quantity) {
  const prefix = `anthropic-ratelimit-${of.replace('_', '-')}`;
  return [[of, `${prefix}-remaining`, `${prefix}-limit`, `${prefix}-reset`] as const];
}

const none: readonly QuotaReading[] = [];

/** What is left of each quantity that the headers tell of whole: how much, and until when. */
export function readQuotas(headers: HeaderMap, now: number): readonly QuotaReading[] {
  let readings: QuotaReading[] | undefined;
  for (const [of, remainingName, limitName, resetName] of headerNames) {
    const remaining = toCount(headers[remainingName]);
    if (remaining === undefined) continue;
    const fullAt = toTime(headers[resetName], now);
    if (fullAt === undefined) continue;
    readings ??= [];
    readings.push({ of, remaining, limit: toCount(headers[limitName]), fullAt });
  }
  return readings ?? none;
}

function toCount(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const count = Number(text);
  return count >= 0 && Number.isFinite(count) ? count : undefined;
}

const durationPattern = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;

/** `1s`, `6m0s`, `120ms` (OpenAI), plain seconds, or a date (RFC 3339, Anthropic) as clock milliseconds; undefined for anything else. */
function toTime(text: string | undefined, now: number): number | undefined {
  if (text === undefined || text === '') return undefined;
  const seconds = toCount(text);
  if (seconds !== undefined) return now + seconds * 1000;
  const match = durationPattern.exec(text);
  if (match !== null) {
    const [d = 0, h = 0, m = 0, s = 0, ms = 0] = match.slice(1).map((part) => Number(part ?? 0));
    return now + (((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms;
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date;
}
