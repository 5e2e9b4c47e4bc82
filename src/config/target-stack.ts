import { type BodyRule, type CountTokens, demandOf } from '../core/demand.ts';
import type { Middleware, ModelRequest } from '../core/handler.ts';
import type { Health } from '../core/health.ts';
import type { JsonObject } from '../core/json.ts';
import type { Demand } from '../core/limit.ts';
import {
  admit,
  cooldown,
  disabled,
  guard,
  type LimitedTarget,
  observe,
  preparedInTime,
  retry,
  timeout,
  trace,
} from '../routing/middleware/index.ts';
import type { TargetState } from '../routing/state/target-state.ts';
import type { Config } from './config.ts';
import type { CooldownSettings } from './health/cooldown-settings.ts';
import { type BodyRules, bodyRewriter, takesParams } from './leaf/body-rules.ts';
import type { OwnCredentials } from './leaf/credential-source.ts';
import { roomFor } from './limits/room.ts';
import type { TargetLimits } from './limits/target-limits.ts';
import type { Fare } from './money/fare.ts';
import type { Place } from './place.ts';
import { toRetryPolicy } from './retry-policy.ts';

/** A target while its stack is made. */
export interface Target {
  readonly own: OwnCredentials;
  readonly state: TargetState;
  /** Undefined: never cools. */
  readonly settings: CooldownSettings | undefined;
  readonly limits: TargetLimits;
  readonly health: Health;
  /** What the target makes of a request before its limits look at it. */
  readonly rule: BodyRule | undefined;
  readonly fare: Fare;
  /** Looks up what limits need to know of a call; undefined where there is nothing to look up. */
  readonly prepare: ((demand: Demand) => Promise<unknown> | undefined) | undefined;
}

/** What stands above a target, outermost first. The order is policy. */
export function targetStack(
  node: Config,
  { own, state, settings, limits, rule, health, fare, prepare }: Target,
  place: Place,
): readonly Middleware[] {
  const { path, inherited, options, isLastResort } = place;
  const { runtime, states, shared } = options;
  const policy = inherited.retry === undefined ? undefined : toRetryPolicy(inherited.retry);
  const { name } = node;
  const isLimited = limits.binding.length + limits.steering.length > 0;
  const demandFor = demandUnder(rule, runtime.countTokens);
  const facts = {
    path,
    provider: own.kind === 'given' ? own.credentials.provider : '',
    ...(name === undefined ? {} : { name }),
    ...(own.kind === 'virtual-key' ? { virtualKey: own.slug } : {}),
  };
  const observed = observe(facts, runtime, state, fare);
  const isReady =
    settings === undefined ? () => !state.circuit.isDisabled() : () => state.circuit.readyAt() <= runtime.clock.now();
  return [
    // Each try below is an attempt of its own; once the target cools the tries left stop.
    ...(policy === undefined ? [] : [retry(policy, { path, picksAgain: false, isReady, isLastResort }, runtime)]),
    // Below the retry: a refused reply may be asked for again. Above all that reserves or counts: a refused request uses no quota, and a reply that a check refuses is no failure of the target.
    ...guardOf({ name, state }, place),
    // Below the retry: each try waits for itself. Above all that refuses.
    ...roomFor(place, health, false),
    // Below all that waits: it may happen meanwhile. Above the cooldown: who is out of use is not probed either.
    disabled({ path, name, state }),
    // Below the retry: every try counts. Above the timeout: a timeout is a failure.
    ...(settings === undefined ? [] : [cooldown(settings.policy, { path, name, state, states, shared }, runtime)]),
    // Above the admission, between whose questions and reservations nothing may wait.
    ...(prepare === undefined
      ? []
      : [
          preparedInTime((request, context) => prepare(demandFor(request, context)), {
            requestTimeoutMs: inherited.requestTimeoutMs,
            clock: runtime.clock,
            observe: observed,
          }),
        ]),
    // Below the cooldown: what is refused for want of room says nothing of the target, and uses up nothing.
    ...(isLimited
      ? [admit({ path, name, state, states, limits, gate: limits.gate, demandOf: demandFor, shared }, runtime.clock)]
      : []),
    // Only calls really made are reported, and counted as in flight.
    observed,
    // Within what is reported: a span is an attempt.
    ...(runtime.tracer === undefined ? [] : [trace(runtime.clock, fare)]),
    // Innermost: each try has the whole time.
    timeout(inherited, runtime.clock),
  ];
}

function guardOf(
  { name, state }: { readonly name: string | undefined; readonly state: TargetState },
  { path, inherited, options }: Place,
): readonly Middleware[] {
  const { hooks, strictOpenAiCompliance: strict } = inherited;
  const [before, after] = [options.hooks(hooks, 'input'), options.hooks(hooks, 'output')];
  if (before.hooks.length === 0 && after.hooks.length === 0) return [];
  return [guard({ before, after, bodyOf: bodyAsked(inherited), strict }, { path, name, state }, options.runtime)];
}

/** The caller's body as the target will be asked, made once for all tries of a request. */
function bodyAsked(rules: BodyRules): (request: ModelRequest) => JsonObject {
  const rewrite = bodyRewriter(rules);
  const known = new WeakMap<JsonObject, JsonObject>();
  return (request) => {
    if (!takesParams(request)) return request.body;
    const body = known.get(request.body) ?? rewrite(request.body);
    known.set(request.body, body);
    return body;
  };
}

function demandUnder(rule: BodyRule | undefined, countTokens: CountTokens | undefined): LimitedTarget['demandOf'] {
  return (request, context): Demand => demandOf(request, context, countTokens).under(rule);
}
