import type { Affinity } from '../../affinity/affinity-config.ts';
import type { Sticky } from '../../config.ts';
import type { Settings } from './settings.ts';

/** What LiteLLM looks at before it chooses a deployment. */
export interface PreCallChecks {
  /** Deployments beyond their rates are not asked, whatever the strategy. */
  readonly enforcesLimits: boolean;
  /** Calls with tags go to deployments that have them. */
  readonly usesTags: boolean;
  /** One of a call's tags is enough, or a deployment must have all. */
  readonly tagMatch: 'any' | 'all';
  /** Requests that belong together go to the same deployment. */
  readonly sticky: Sticky | undefined;
  /** The same, where the deployment that answered is to be remembered: for prompt caches, responses, and strategies that compute no deployment from a request. */
  affinityFor(isSticky: boolean): Affinity | undefined;
}

const defaultAffinitySeconds = 3600;

/** Reads `optional_pre_call_checks`, tag filtering and affinity. */
export function readPreCallChecks(settings: Settings): PreCallChecks {
  const holder = settings.holder('optional_pre_call_checks');
  const checks = holder?.texts('optional_pre_call_checks') ?? [];
  const ttl = settings.holder('deployment_affinity_ttl_seconds')?.number('deployment_affinity_ttl_seconds', 1);
  checks.forEach((check, index) => {
    const message = notes[check] ?? (handled.has(check) ? undefined : 'Not known: it has no effect here.');
    if (message !== undefined)
      holder?.reading.notes.warn(`${holder.pathOf('optional_pre_call_checks')}[${index}]`, message);
  });
  const usesTags = settings.holder('enable_tag_filtering')?.boolean('enable_tag_filtering') === true;
  const any = settings.holder('tag_filtering_match_any')?.boolean('tag_filtering_match_any') ?? true;
  return {
    enforcesLimits: checks.includes('enforce_model_rate_limits'),
    usesTags,
    tagMatch: any ? 'any' : 'all',
    sticky: stickyOf(checks, ttl),
    affinityFor: (isSticky) => affinityOf(checks, ttl, isSticky),
  };
}

const handled: ReadonlySet<string> = new Set([
  'enforce_model_rate_limits',
  'session_affinity',
  'deployment_affinity',
  'prompt_caching',
  'responses_api_deployment_check',
  'encrypted_content_affinity',
]);

const notes: Readonly<Record<string, string>> = {
  router_budget_limiting: 'Budgets always hold.',
  forward_client_headers_by_model_group: 'Headers of the call are handed on by their names, with "forward_headers".',
};

/** Of several kinds the first that a request says something of. Responses are always looked for where they were made. */
function affinityOf(checks: readonly string[], ttl: number | undefined, isSticky: boolean): Affinity | undefined {
  const kinds = Object.entries(affinityKinds).flatMap(([check, kind]) =>
    checks.includes(check) && !(isSticky && kind !== 'prefix') ? [kind] : [],
  );
  const forResponses =
    checks.includes('responses_api_deployment_check') || checks.includes('encrypted_content_affinity');
  if (kinds.length === 0 && !forResponses) return undefined;
  return { by: kinds.length === 0 ? 'session' : kinds, ...(ttl === undefined ? {} : { ttl }) };
}

const affinityKinds = { session_affinity: 'session', deployment_affinity: 'user', prompt_caching: 'prefix' } as const;

function stickyOf(checks: readonly string[], ttl: number | undefined): Sticky | undefined {
  if (checks.includes('session_affinity'))
    return { hash_fields: ['metadata.session_id', 'metadata.litellm_session_id'], ttl: ttl ?? defaultAffinitySeconds };
  if (checks.includes('deployment_affinity'))
    return {
      hash_fields: ['metadata.user_api_key_hash', 'metadata._user', 'params.user'],
      ttl: ttl ?? defaultAffinitySeconds,
    };
  return undefined;
}
