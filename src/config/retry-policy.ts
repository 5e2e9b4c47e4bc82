import { defaultRetryStatusCodes, type RetryPolicy } from '../routing/middleware/index.ts';
import type { Retry } from './config.ts';

const defaultMaxWaitMs = 60_000;

/** `retry` of a config as a policy; undefined when it asks for no tries, unless a call may: `heedsCall`. */
export function toRetryPolicy(retry: Retry, heedsCall = false): RetryPolicy | undefined {
  const perError = retry.per_error ?? {};
  if (!heedsCall && retry.attempts === 0 && Object.values(perError).every((limit) => limit === 0)) return undefined;
  return {
    attempts: retry.attempts,
    onStatusCodes: retry.on_status_codes ?? defaultRetryStatusCodes,
    useRetryAfterHeader: retry.use_retry_after_header ?? false,
    maxWaitMs: retry.max_wait ?? defaultMaxWaitMs,
    perError,
  };
}
