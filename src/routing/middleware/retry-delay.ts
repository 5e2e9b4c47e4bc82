import { APIError } from '../../core/errors/api-error.ts';
import type { HeaderMap } from '../../core/reply.ts';

/** How waits between tries grow. */
export interface Backoff {
  /** Milliseconds before the second try. */
  readonly initialMs: number;
  /** Each wait is the one before times this, >= 1. */
  readonly factor: number;
  /** Milliseconds no wait exceeds. */
  readonly maxMs: number;
  /** The part of a wait that chance may take away, 0 to 1. */
  readonly jitter: number;
}

/** Portkey's waits: 1, 2, 4, 8, 16 s; jittered down to half. */
export const defaultBackoff: Backoff = { initialMs: 1000, factor: 2, maxMs: 16_000, jitter: 0.5 };

/** Statuses whose headers say when to come back. */
export const statusesWithRetryAfter: readonly number[] = [429, 503];

/**
 * Milliseconds to wait before try `attempt + 1` (attempt counts from 0): what the failed reply's header says, when
 * `useHeader` and the status is 429 or 503; else as `backoff` says.
 */
export function retryDelayMs(error: unknown, attempt: number, options: RetryDelayOptions): number {
  if (options.useHeader && error instanceof APIError && statusesWithRetryAfter.includes(error.status ?? 0)) {
    const told = retryAfterMs(error.headers, options.nowMs);
    if (told !== undefined) return told;
  }
  const { initialMs, factor, maxMs, jitter } = options.backoff;
  return Math.min(initialMs * factor ** attempt, maxMs) * (1 - jitter * (1 - options.chance));
}

/** What the delay depends on beside the error. */
export interface RetryDelayOptions {
  readonly useHeader: boolean;
  readonly backoff: Backoff;
  /** Uniform in [0, 1). */
  readonly chance: number;
  readonly nowMs: number;
}

/**
 * Milliseconds until the provider wants to be asked again; undefined when no header says so. `retry-after-ms` (OpenAI),
 * `x-ms-retry-after-ms` (Azure), then `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3). Never negative.
 */
export function retryAfterMs(headers: HeaderMap, nowMs: number): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const milliseconds = toNonNegative(headers[name]);
    if (milliseconds !== undefined) return milliseconds;
  }
  const value = headers['retry-after'];
  const seconds = toNonNegative(value);
  if (seconds !== undefined) return seconds * 1000;
  const date = value === undefined ? Number.NaN : Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function toNonNegative(value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const number = Number(value);
  return number >= 0 ? number : undefined;
}
