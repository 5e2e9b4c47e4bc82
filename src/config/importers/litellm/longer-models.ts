import type { JsonObject } from '../../../core/json.ts';
import type { Config } from '../../config.ts';
import type { GroupFallbackMap } from '../../model-group-fields.ts';
import type { Notes } from '../foreign/notes.ts';
import { toStep } from '../foreign/section.ts';
import type { Deployment } from './deployment.ts';
import { readModelId } from './model-id.ts';

/** What `context_window_fallback_dict` comes to: ways between groups, and groups for models that have none. */
export interface LongerModels {
  readonly deployments: readonly Deployment[];
  readonly fallbacks: GroupFallbackMap;
}

/** Where models are looked for. */
export interface LongerScope {
  /** The map for all deployments, and where it stands. */
  readonly standing: JsonObject | undefined;
  readonly path: string;
  readonly notes: Notes;
}

const dictKey = 'context_window_fallback_dict';
const unused = 'No deployment asks for this model: it has no effect.';

/**
 * `context_window_fallback_dict`: from a model to the one to ask when the prompt is too long, of the same provider with the same key. A
 * model that is no group of the document becomes one, made of the deployments it stands in for.
 */
export function longerModels(
  deployments: readonly Deployment[],
  { standing = {}, path, notes }: LongerScope,
): LongerModels {
  const groups = new Set(deployments.map(({ group }) => group));
  const found = deployments.flatMap((deployment) => {
    const key = keyOf(deployment, { ...standing, ...deployment.longer });
    for (const own of Object.keys(deployment.longer ?? {}))
      if (own !== key) notes.warn(`${deployment.path}.litellm_params.${dictKey}${toStep(own)}`, unused);
    const longer = key === undefined ? undefined : { ...standing, ...deployment.longer }[key];
    return key === undefined || typeof longer !== 'string' ? [] : [{ deployment, key, longer }];
  });
  for (const key of Object.keys(standing))
    if (!found.some((each) => each.key === key)) notes.warn(`${path}${toStep(key)}`, unused);
  const made = found
    .filter(({ longer }) => !groups.has(longer))
    .map(({ deployment, longer }) => standIn(deployment, longer));
  const ways = found.filter(({ deployment, longer }) => deployment.group !== longer);
  return {
    deployments: [...deployments, ...made],
    fallbacks: Object.fromEntries(
      [...Map.groupBy(ways, ({ deployment }) => deployment.group)].map(([group, list]) => [
        group,
        [...new Set(list.map(({ longer }) => longer))],
      ]),
    ),
  };
}

/** The name by which a map knows a deployment: its model as written, else without its provider. */
function keyOf({ model, target }: Deployment, map: JsonObject): string | undefined {
  const bare = target.override_params?.model;
  return [model, bare].find(
    (name) => typeof name === 'string' && Object.hasOwn(map, name) && typeof map[name] === 'string',
  ) as string | undefined;
}

/** The same deployment, asked for another model. */
function standIn(deployment: Deployment, longer: string): Deployment {
  const id = readModelId(longer);
  const model = 'problem' in id || id.provider !== deployment.target.provider ? longer : id.model;
  const { id: _id, ...target }: Config = deployment.target;
  return {
    ...deployment,
    group: longer,
    model: longer,
    target: { ...target, name: longer, override_params: { model } },
  };
}
