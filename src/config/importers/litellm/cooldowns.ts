import type { Cooldown } from '../../config.ts';
import type { Section } from '../foreign/section.ts';
import type { Settings } from './settings.ts';

/** LiteLLM's first documentation, where a document is silent: more than so many failures in a minute cool for a minute. */
const silent = { allowed_fails: 3, window: 60, time: 60 };

/** The cooldown of all deployments; undefined where the document switches it off. */
export function readCooldown(settings: Settings): Cooldown | undefined {
  const isOff = settings.holder('disable_cooldowns')?.boolean('disable_cooldowns') === true;
  const fails = settings.holder('allowed_fails')?.number('allowed_fails');
  const time = settings.holder('cooldown_time')?.number('cooldown_time');
  const perError = failsPolicy(settings.holder('allowed_fails_policy'));
  if (isOff || time === 0) return undefined;
  return cooldown({ ...silent, exempt_single: true }, { fails, time, perError });
}

/** The cooldown of one deployment where it has settings of its own. */
export function deploymentCooldown(params: Section, standing: Cooldown | undefined): Cooldown | undefined {
  const fails = params.number('allowed_fails');
  const time = params.number('cooldown_time');
  const perError = failsPolicy(params);
  if (fails === undefined && time === undefined && perError === undefined) return undefined;
  return cooldown(standing ?? { ...silent, exempt_single: true }, { fails, time, perError });
}

interface Own {
  readonly fails: number | undefined;
  readonly time: number | undefined;
  readonly perError: Cooldown['per_error'];
}

function cooldown(base: Cooldown, { fails, time, perError }: Own): Cooldown {
  return {
    ...base,
    ...(fails === undefined ? {} : { allowed_fails: Math.min(10_000, Math.floor(fails)) }),
    ...(time === undefined ? {} : { time }),
    ...(perError === undefined ? {} : { per_error: { ...base.per_error, ...perError } }),
  };
}

const edges = {
  AuthenticationErrorAllowedFails: 'auth',
  TimeoutErrorAllowedFails: 'timeout',
  RateLimitErrorAllowedFails: 'rate_limit',
  InternalServerErrorAllowedFails: 'server',
} as const;

function failsPolicy(holder: Section | undefined): Cooldown['per_error'] {
  const section = holder?.section('allowed_fails_policy');
  if (section === undefined) return undefined;
  const found = Object.entries(edges).flatMap(([name, edge]) => {
    const fails = section.number(name);
    return fails === undefined ? [] : [[edge, Math.min(10_000, Math.floor(fails))] as const];
  });
  for (const name of ['BadRequestErrorAllowedFails', 'ContentPolicyViolationErrorAllowedFails'])
    section.warn(name, 'Such failures are the request’s: they never cool a deployment.');
  section.finish(Object.keys(edges));
  return Object.fromEntries(found);
}
