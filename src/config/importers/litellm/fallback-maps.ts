import type { ResolveGroup } from '../../../routing/strategies/index.ts';
import { readFallbacks } from '../../litellm-fields/fallback-lists.ts';
import type { GroupFallbackMap, ModelGroupFields } from '../../model-group-fields.ts';
import type { Section } from '../foreign/section.ts';
import type { Settings } from './settings.ts';

const maps = ['fallbacks', 'context_window_fallbacks', 'content_policy_fallbacks'] as const;

/** The ways between groups, as keys of a root. `groups`: names of all groups; `resolve`: from names and aliases to them. */
export function readFallbackMaps(
  settings: Settings,
  groups: readonly string[],
  resolve: ResolveGroup,
): Pick<ModelGroupFields<unknown>, (typeof maps)[number] | 'default_fallbacks'> {
  const found = maps.flatMap((key) => {
    const holder = settings.holder(key);
    const map = holder === undefined ? {} : readMap(holder, key, resolve);
    return Object.keys(map).length === 0 ? [] : [[key, withStripped(map, groups)] as const];
  });
  const fields = Object.fromEntries(found);
  return { ...fields, ...defaults(settings.holder('default_fallbacks'), fields.fallbacks, resolve) };
}

function readMap(holder: Section, key: string, resolve: ResolveGroup): GroupFallbackMap {
  const value = holder.any(key);
  const { own, map, problems, repeated } = readFallbacks(value ?? [], (model) =>
    resolve(model) === undefined ? `There is no model "${model}" in this document.` : undefined,
  );
  const { notes } = holder.reading;
  for (const { path, message } of problems) notes.refuse(`${holder.pathOf(key)}${path}`, message);
  if (own.length > 0)
    notes.refuse(holder.pathOf(key), 'A list of names says nothing of whose fallbacks they are. Write [{"*": […]}].');
  for (const path of repeated)
    notes.warn(`${holder.pathOf(key)}${path}`, 'The model has an entry already, which counts.');
  const entries = [...map].flatMap(([group, steps]): [string, string[]][] => {
    if (group !== '*' && resolve(group) === undefined) {
      notes.refuse(holder.pathOf(key), `There is no model "${group}" in this document.`);
      return [];
    }
    const isSelf = (model: string) => resolve(model)?.model === resolve(group)?.model && group !== '*';
    if (steps.some(({ model }) => isSelf(model)))
      notes.warn(`${holder.pathOf(key)}`, `"${group}" is no fallback of its own: left out.`);
    if (steps.some(({ params }) => params !== undefined))
      notes.warn(holder.pathOf(key), 'Parameters of one fallback hold only in a request: left out here.');
    const models = steps.map(({ model }) => model).filter((model) => !isSelf(model));
    return [[group, [...new Set(models)]]];
  });
  return Object.fromEntries(entries);
}

/** Where `gpt-4` has fallbacks and `openai/gpt-4` has none, LiteLLM takes those. */
function withStripped(map: GroupFallbackMap, groups: readonly string[]): GroupFallbackMap {
  const more = groups.flatMap((group) => {
    const bare = group.includes('*') ? '' : group.slice(group.indexOf('/') + 1);
    const models = bare === group || Object.hasOwn(map, group) || !Object.hasOwn(map, bare) ? undefined : map[bare];
    const own = models?.filter((model) => model !== group);
    return own === undefined || own.length === 0 ? [] : [[group, own] as const];
  });
  return { ...map, ...Object.fromEntries(more) };
}

function defaults(
  holder: Section | undefined,
  general: GroupFallbackMap | undefined,
  resolve: ResolveGroup,
): { readonly default_fallbacks?: readonly string[] } {
  const models = holder?.texts('default_fallbacks') ?? [];
  if (holder === undefined || models.length === 0) return {};
  if (general?.['*'] !== undefined) {
    holder.warn('default_fallbacks', 'Overruled by the fallbacks for "*".');
    return {};
  }
  models.forEach((model, index) => {
    if (resolve(model) === undefined)
      holder.reading.notes.refuse(
        `${holder.pathOf('default_fallbacks')}[${index}]`,
        `There is no model "${model}" in this document.`,
      );
  });
  return { default_fallbacks: models };
}
