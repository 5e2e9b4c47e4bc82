import type { AllOpenPolicy, CooldownPolicy } from '../../routing/middleware/index.ts';
import type { CircuitBreaker, Config, Cooldown } from '../config.ts';

/** A cooldown as it comes down the tree. */
export interface CooldownSettings {
  readonly policy: CooldownPolicy;
  readonly allOpen: AllOpenPolicy;
  readonly exemptSingle: boolean;
}

const defaults = { allowedFails: 3, window: 60, time: 30, maxTime: 600, minRequests: 10, maxWait: 10 };

/** Where no `cooldown` stands on a node itself. */
export const defaultAllOpen: AllOpenPolicy = { mode: 'wait', maxWaitMs: defaults.maxWait * 1000 };

/** What a node says of cooling down; undefined when it says nothing, `off` when it switches an inherited one off. */
export function cooldownSettings({ cooldown, cb_config, strategy }: Config): CooldownSettings | 'off' | undefined {
  if (cooldown !== undefined) return cooldown.time === 0 ? 'off' : fromCooldown(cooldown);
  const breaker = cb_config ?? strategy?.cb_config;
  return breaker === undefined ? undefined : fromBreaker(breaker);
}

function fromCooldown(cooldown: Cooldown): CooldownSettings {
  const timeMs = (cooldown.time ?? defaults.time) * 1000;
  const authTimeMs = cooldown.auth_time === undefined ? undefined : cooldown.auth_time * 1000;
  return {
    policy: {
      // A ratio given alone is the only rule.
      allowedFails:
        cooldown.allowed_fails ??
        (cooldown.failure_ratio === undefined ? defaults.allowedFails : Number.POSITIVE_INFINITY),
      windowMs: (cooldown.window ?? defaults.window) * 1000,
      timeMs,
      maxTimeMs:
        cooldown.max_time === undefined
          ? Math.max(timeMs, authTimeMs ?? 0, defaults.maxTime * 1000)
          : cooldown.max_time * 1000,
      failureRatio: cooldown.failure_ratio,
      minRequests: cooldown.min_requests ?? defaults.minRequests,
      perError: cooldown.per_error ?? {},
      authTimeMs,
    },
    allOpen: { mode: cooldown.when_all_open ?? 'wait', maxWaitMs: (cooldown.max_wait ?? defaults.maxWait) * 1000 },
    exemptSingle: cooldown.exempt_single ?? true,
  };
}

/** The statuses that count for Portkey's circuit breaker when it names none: those of a server at fault. */
const serverErrors: readonly number[] = Array.from({ length: 100 }, (_, index) => 500 + index);

/** Portkey's circuit breaker: the time does not double, and when every target is open the filter is passed over. */
function fromBreaker(breaker: CircuitBreaker): CooldownSettings {
  const percentage = breaker.failure_threshold_percentage;
  const timeMs = breaker.cooldown_interval ?? defaults.time * 1000;
  return {
    policy: {
      allowedFails:
        breaker.failure_threshold ?? (percentage === undefined ? defaults.allowedFails : Number.POSITIVE_INFINITY),
      windowMs: defaults.window * 1000,
      timeMs,
      maxTimeMs: timeMs,
      failureRatio: percentage === undefined ? undefined : percentage / 100,
      minRequests: breaker.minimum_requests ?? defaults.minRequests,
      perError: {},
      onStatusCodes: breaker.failure_status_codes ?? serverErrors,
    },
    allOpen: { mode: 'panic', maxWaitMs: 0 },
    exemptSingle: true,
  };
}

/** Of a target that needs one and was given none. */
export const defaultCooldown: CooldownSettings = fromCooldown({});
