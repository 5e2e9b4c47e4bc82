import {
  type Backoff,
  defaultBackoff,
  defaultRetryStatusCodes,
  type RetryPolicy,
} from '../routing/middleware/index.ts';
import { createRetryBudget, type RetryBudget } from '../routing/state/retry-budget.ts';
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
    backoff: retry.backoff === undefined ? undefined : toBackoff(retry.backoff),
    budget: sharedBudget(retry),
  };
}

function toBackoff({ initial, factor, max, jitter }: NonNullable<Retry['backoff']>): Backoff {
  const initialMs = initial ?? defaultBackoff.initialMs;
  return {
    initialMs,
    factor: factor ?? defaultBackoff.factor,
    maxMs: max ?? Math.max(initialMs, defaultBackoff.maxMs),
    jitter: jitter ?? defaultBackoff.jitter,
  };
}

const budgets = new WeakMap<Retry, RetryBudget>();
const defaultRatio = 0.2;
const defaultMinPerSecond = 10;

/** The targets below a node that gives them this `retry` share its budget. */
function sharedBudget(retry: Retry): RetryBudget | undefined {
  if (retry.budget === undefined) return undefined;
  const known = budgets.get(retry);
  if (known !== undefined) return known;
  const { ratio = defaultRatio, min_per_second = defaultMinPerSecond } = retry.budget;
  const made = createRetryBudget({ ratio, minPerSecond: min_per_second });
  budgets.set(retry, made);
  return made;
}
