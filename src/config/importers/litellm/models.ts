import type { JsonObject } from '../../../core/json.ts';
import { groupNames } from '../../../routing/strategies/index.ts';
import type { Config } from '../../config.ts';
import type { GroupFallbackMap, ModelGroupFields } from '../../model-group-fields.ts';
import { modelNames } from '../../model-names.ts';
import type { Section } from '../foreign/section.ts';
import { readAliases } from './aliases.ts';
import { readCooldown } from './cooldowns.ts';
import { readDeployment } from './deployment.ts';
import { withEveryModel } from './every-model.ts';
import { readFallbackMaps } from './fallback-maps.ts';
import { toGroups } from './groups.ts';
import { longerModels } from './longer-models.ts';
import { withThoseNamedById } from './named-by-id.ts';
import { readPreCallChecks } from './pre-call-checks.ts';
import { readRetries } from './retries.ts';
import { rootFields } from './root-params.ts';
import { readRouting } from './routing-strategy.ts';
import type { Settings } from './settings.ts';

/** The models of a document with all that leads to them, as the keys of a root. */
export function readModels(root: Section, settings: Settings): JsonObject {
  const { notes } = root.reading;
  const checks = readPreCallChecks(settings);
  const routing = readRouting(settings, checks);
  const cooldown = readCooldown(settings);
  const { fields, longer } = rootFields(settings);
  const credentials = namedCredentials(root);
  const maxParallel = settings.holder('default_max_parallel_requests')?.number('default_max_parallel_requests', 1);
  const scope = { routing, cooldown, maxParallel, credentials, usesTags: checks.usesTags };
  const listed = withEveryModel(root.sections('model_list')).flatMap((entry) => readDeployment(entry, scope));
  if (!root.has('model_list')) root.refuse('model_list', 'Missing: the models that requests may ask for.');
  const { deployments, fallbacks } = longerModels(withThoseNamedById(listed, settings), { ...longer, notes });
  const groups = toGroups(deployments, {
    notes,
    routing,
    retry: readRetries(settings),
    cooldown,
    sticky: checks.sticky,
    affinityFor: checks.affinityFor,
  });
  const named = { model_groups: groups, aliases: readAliases(settings) };
  const resolve = groupNames(Object.keys(groups), modelNames(named as Config).aliases);
  const maps = readFallbackMaps(settings, Object.keys(groups), resolve);
  const maxFallbacks = settings.holder('max_fallbacks')?.number('max_fallbacks');
  return {
    ...fields,
    ...(cooldown === undefined ? {} : { cooldown }),
    ...(checks.usesTags && checks.tagMatch === 'all' ? { tag_match: 'all' } : {}),
    model_groups: groups,
    ...(Object.keys(named.aliases).length === 0 ? {} : { aliases: named.aliases }),
    ...maps,
    ...contextWindow(maps, fallbacks),
    ...(maxFallbacks === undefined ? {} : { max_fallbacks: Math.min(100, Math.floor(maxFallbacks)) }),
  };
}

/** `credential_list`: keys that deployments name. */
function namedCredentials(root: Section): ReadonlyMap<string, Section> {
  const found = new Map<string, Section>();
  for (const entry of root.sections('credential_list')) {
    const name = entry.text('credential_name');
    const values = entry.section('credential_values');
    entry.warn('credential_info', 'Only a note: it has no effect.');
    entry.finish(['credential_name', 'credential_values']);
    if (name !== undefined && values !== undefined) found.set(name, values);
  }
  return found;
}

type Maps = Pick<ModelGroupFields<unknown>, 'fallbacks' | 'default_fallbacks' | 'context_window_fallbacks'>;

/** A deployment's own longer model comes first; where it made the only such map, the groups beside it keep their general ways. */
function contextWindow(
  { fallbacks, default_fallbacks, context_window_fallbacks }: Maps,
  longer: GroupFallbackMap,
): JsonObject {
  if (Object.keys(longer).length === 0) return {};
  const general = { ...fallbacks, ...(default_fallbacks === undefined ? {} : { '*': default_fallbacks }) };
  const standing: GroupFallbackMap = context_window_fallbacks ?? general;
  const own = Object.entries(longer).map(([group, models]) => {
    const others = Object.hasOwn(standing, group) ? standing[group] : standing['*'];
    return [group, [...new Set([...models, ...(others ?? [])])].filter((model) => model !== group)];
  });
  return { context_window_fallbacks: { ...standing, ...Object.fromEntries(own) } };
}
