import type { Config } from '../../config/config.ts';
import { describeModels, describeTargets } from '../../config/describe.ts';
import type { ServerSettings } from '../options.ts';

/** `GET /v1/models` */
export interface ModelList {
  readonly object: 'list';
  readonly data: readonly {
    readonly id: string;
    readonly object: 'model';
    readonly created: 0;
    readonly owned_by: string;
  }[];
}

/** The models that a request may name: the server's model groups, and those the config sets. Undefined where neither says any: the provider knows. */
export function listModels(config: Config, { modelGroups }: ServerSettings): ModelList | undefined {
  const owners = new Map<string, string>(Object.keys(modelGroups).map((group) => [group, 'modelmux']));
  for (const { id, owner } of offered(config)) if (!owners.has(id)) owners.set(id, owner);
  if (owners.size === 0) return undefined;
  const data = [...owners].map(([id, owner]) => ({
    id,
    object: 'model' as const,
    created: 0 as const,
    owned_by: owner,
  }));
  return { object: 'list', data };
}

function offered(config: Config): readonly { readonly id: string; readonly owner: string }[] {
  if (config.model_groups !== undefined) return describeModels(config);
  return describeTargets(config).flatMap(({ model, provider }) =>
    model === undefined ? [] : [{ id: model, owner: provider }],
  );
}
