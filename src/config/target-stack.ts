import type { Middleware } from '../core/handler.ts';
import { cooldown, maxConcurrency, observe, retry, timeout } from '../routing/middleware/index.ts';
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
}

/** What stands above a target, outermost first. The order is policy. */
export function targetStack(
  node: Config,
  { own, state, settings }: Target,
  { path, inherited, options: { runtime, states } }: Place,
): readonly Middleware[] {
  const policy = inherited.retry === undefined ? undefined : toRetryPolicy(inherited.retry);
  const { name, max_concurrency } = node;
  const observed = {
    path,
    provider: own.kind === 'given' ? own.credentials.provider : '',
    ...(name === undefined ? {} : { name }),
  };
  const isReady = settings === undefined ? undefined : () => state.circuit.readyAt() <= runtime.clock.now();
  return [
    // Each try below is an attempt of its own; once the target cools the tries left stop.
    ...(policy === undefined ? [] : [retry(policy, { path, picksAgain: false, isReady }, runtime)]),
    // Below the retry: every try counts. Above the timeout: a timeout is a failure.
    ...(settings === undefined ? [] : [cooldown(settings.policy, { path, name, state, states }, runtime)]),
    // What is refused for want of room says nothing of the target.
    ...(max_concurrency === undefined ? [] : [maxConcurrency(max_concurrency, { path, state })]),
    // Only calls really made are reported, and counted as in flight.
    observe(observed, runtime, state),
    // Innermost: each try has the whole time.
    timeout(inherited, runtime.clock),
  ];
}
