import { type BodyRule, type CountTokens, demandOf } from '../core/demand.ts';
import type { Middleware } from '../core/handler.ts';
import type { Demand, LimitSet } from '../core/limit.ts';
import { admit, cooldown, type LimitedTarget, observe, retry, timeout } from '../routing/middleware/index.ts';
import type { TargetState } from '../routing/state/target-state.ts';
import type { Config } from './config.ts';
import type { CooldownSettings } from './health/cooldown-settings.ts';
import type { OwnCredentials } from './leaf/credential-source.ts';
import type { Place } from './place.ts';
import { toRetryPolicy } from './retry-policy.ts';

/** A target while its stack is made. */
export interface Target {
  readonly own: OwnCredentials;
  readonly state: TargetState;
  /** Undefined: never cools. */
  readonly settings: CooldownSettings | undefined;
  readonly limits: LimitSet;
  /** What the target makes of a request before its limits look at it. */
  readonly rule: BodyRule | undefined;
}

/** What stands above a target, outermost first. The order is policy. */
export function targetStack(
  node: Config,
  { own, state, settings, limits, rule }: Target,
  { path, inherited, options: { runtime, states } }: Place,
): readonly Middleware[] {
  const policy = inherited.retry === undefined ? undefined : toRetryPolicy(inherited.retry);
  const { name } = node;
  const isLimited = limits.binding.length + limits.steering.length > 0;
  const demandFor = demandUnder(rule, runtime.countTokens);
  const observed = {
    path,
    provider: own.kind === 'given' ? own.credentials.provider : '',
    ...(name === undefined ? {} : { name }),
    ...(own.kind === 'virtual-key' ? { virtualKey: own.slug } : {}),
  };
  const isReady = settings === undefined ? undefined : () => state.circuit.readyAt() <= runtime.clock.now();
  return [
    // Each try below is an attempt of its own; once the target cools the tries left stop.
    ...(policy === undefined ? [] : [retry(policy, { path, picksAgain: false, isReady }, runtime)]),
    // Below the retry: every try counts. Above the timeout: a timeout is a failure.
    ...(settings === undefined ? [] : [cooldown(settings.policy, { path, name, state, states }, runtime)]),
    // Below the cooldown: what is refused for want of room says nothing of the target, and uses up nothing.
    ...(isLimited ? [admit({ path, name, state, states, limits, demandOf: demandFor }, runtime.clock)] : []),
    // Only calls really made are reported, and counted as in flight.
    observe(observed, runtime, state),
    // Innermost: each try has the whole time.
    timeout(inherited, runtime.clock),
  ];
}

function demandUnder(rule: BodyRule | undefined, countTokens: CountTokens | undefined): LimitedTarget['demandOf'] {
  return (request, context): Demand => demandOf(request, context, countTokens).under(rule);
}
