import { isJsonObject } from '../../../core/json.ts';
import type { Deployment } from './deployment.ts';
import type { Settings } from './settings.ts';

const maps = ['fallbacks', 'context_window_fallbacks', 'content_policy_fallbacks', 'default_fallbacks'];

/** A fallback may name a single deployment by its `model_info.id`: such a one is also a group of its own, of that name. */
export function withThoseNamedById(deployments: readonly Deployment[], settings: Settings): readonly Deployment[] {
  const groups = new Set(deployments.map(({ group }) => group));
  const named = new Set(maps.flatMap((key) => textsIn(settings.holder(key)?.source[key])));
  const alone = deployments.filter(({ target: { id } }) => id !== undefined && named.has(id) && !groups.has(id));
  return [
    ...deployments,
    ...alone.map((deployment) => ({
      ...deployment,
      group: deployment.target.id ?? '',
      weight: undefined,
      order: undefined,
      longer: undefined,
    })),
  ];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
