import { isJsonObject } from '../../../core/json.ts';
import type { ModelAlias, ModelGroupFields } from '../../model-group-fields.ts';
import { toStep } from '../foreign/section.ts';
import type { Settings } from './settings.ts';

/** `model_group_alias`: from an alias to its group, or to the group and whether it is listed. */
export function readAliases(settings: Settings): NonNullable<ModelGroupFields<unknown>['aliases']> {
  const holder = settings.holder('model_group_alias');
  const given = holder?.object('model_group_alias') ?? {};
  return Object.fromEntries(
    Object.entries(given).flatMap(([alias, value]): [string, string | ModelAlias][] => {
      const path = `${holder?.pathOf('model_group_alias')}${toStep(alias)}`;
      if (typeof value === 'string' && value !== '') return [[alias, value]];
      const { model, hidden, ...more } = isJsonObject(value) ? value : {};
      for (const key of Object.keys(more))
        holder?.reading.notes.warn(`${path}${toStep(key)}`, 'Not known: it has no effect here.');
      if (typeof model === 'string' && model !== '' && (hidden === undefined || typeof hidden === 'boolean'))
        return [[alias, hidden === undefined ? model : { model, hidden }]];
      holder?.reading.notes.refuse(path, 'Must be the name of a model, or {"model": "…", "hidden": true}.');
      return [];
    }),
  );
}
