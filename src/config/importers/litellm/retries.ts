import type { Retry } from '../../config.ts';
import type { Section } from '../foreign/section.ts';
import type { Settings } from './settings.ts';

/** Statuses that LiteLLM tries again. */
const retried: readonly number[] = [408, 409, 429, 500, 502, 503, 504, 529];

/** The retry of each group: the group picks again. `own`: `num_retries` of its deployments, which beat the Router's. */
export function readRetries(settings: Settings): (group: string, own: readonly number[]) => Retry {
  const attempts = settings.holder('num_retries')?.number('num_retries') ?? 0;
  const policy = policyAt(settings.holder('retry_policy'), 'retry_policy');
  const after = settings.holder('retry_after')?.number('retry_after') ?? 0;
  const groups = groupPolicies(settings.holder('model_group_retry_policy'));
  return (group, own) => {
    const { perError, otherwise } = groups.get(group) ?? policy ?? { perError: {} };
    return {
      attempts: Math.min(100, Math.floor(own.length > 0 ? Math.max(...own) : (otherwise ?? attempts))),
      on_status_codes: retried,
      use_retry_after_header: true,
      ...(Object.keys(perError).length === 0 ? {} : { per_error: perError }),
      ...(after === 0 ? {} : { backoff: { initial: after * 1000 } }),
      scope: 'node',
    };
  };
}

interface Policy {
  readonly perError: NonNullable<Retry['per_error']>;
  /** Tries for all other errors. */
  readonly otherwise?: number | undefined;
}

type Kind = keyof NonNullable<Retry['per_error']>;

const kinds: Readonly<Record<string, Kind>> = {
  AuthenticationErrorRetries: 'auth',
  TimeoutErrorRetries: 'timeout',
  RateLimitErrorRetries: 'rate_limit',
  ContentPolicyViolationErrorRetries: 'content_policy',
  InternalServerErrorRetries: 'server',
};

function policyAt(holder: Section | undefined, key: string): Policy | undefined {
  const section = holder?.section(key);
  if (section === undefined) return undefined;
  const perError: Partial<Record<Kind, number>> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    const tries = section.number(name);
    if (tries !== undefined) perError[kind] = Math.min(100, Math.floor(tries));
  }
  const otherwise = section.number('DefaultRetries');
  const unavailable = section.number('ServiceUnavailableErrorRetries');
  if (perError.server !== undefined)
    section.warn('ServiceUnavailableErrorRetries', 'Such errors count as those of "InternalServerErrorRetries".');
  else if (unavailable !== undefined) perError.server = Math.min(100, Math.floor(unavailable));
  for (const name of ['BadRequestErrorRetries', 'NotFoundErrorRetries'])
    section.warn(name, 'Such requests are not tried again: they fail the same way.');
  section.finish(Object.keys(kinds));
  return { perError, otherwise };
}

function groupPolicies(holder: Section | undefined): ReadonlyMap<string, Policy> {
  const section = holder?.section('model_group_retry_policy');
  const found = new Map<string, Policy>();
  for (const group of section?.unread() ?? []) {
    const policy = policyAt(section, group);
    if (policy !== undefined) found.set(group, policy);
  }
  return found;
}
