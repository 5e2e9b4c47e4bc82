import type { Config } from '../../config/config.ts';
import { describeModels, describeModelTargets } from '../../config/describe.ts';
import { type IssuedKey, mayAsk } from '../keys/issued-key.ts';

/** `GET /v1/models` */
export interface ModelList {
  readonly object: 'list';
  readonly data: readonly ListedModel[];
}

interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: 0;
  readonly owned_by: string;
}

/** The models that a request may name: the config's model groups, else those it sets; of these only the key's. Undefined where it says none: the provider knows. */
export function listModels(config: Config, key?: IssuedKey): ModelList | undefined {
  const asked = new Set(describeModelTargets(config).map((target) => target.asked));
  if (config.model_groups === undefined && asked.size === 0) return undefined;
  const owners = new Map(describeModels(config).map(({ id, owner }) => [id, owner]));
  return {
    object: 'list',
    data: [...owners]
      .filter(([id]) => asked.has(id) && (key === undefined || mayAsk(key, id)))
      .map(([id, owner]) => ({ id, object: 'model', created: 0, owned_by: owner })),
  };
}
