import { didYouMean } from '../core/did-you-mean.ts';
import { groupNames, type ResolveGroup } from '../routing/strategies/index.ts';
import type { Config } from './config.ts';
import type { Issues } from './issues.ts';
import { type GroupFallbackMap, rootKeys } from './model-group-fields.ts';
import { modelNames } from './model-names.ts';

/** Where model groups may stand. */
export interface GroupSpot {
  readonly path: string;
  readonly isRoot: boolean;
  readonly issues: Issues;
}

/** Reports what the keys of a root with model groups cannot mean: another place, no groups, names that lead nowhere, what belongs inside a group. */
export function checkGroups(node: Config, spot: GroupSpot): void {
  if (!spot.isRoot) refuseBelowRoot(node, spot);
  else if (node.model_groups === undefined) requireGroups(node, spot);
  else checkRoot(node, spot);
}

function checkRoot(node: Config, spot: GroupSpot): void {
  const { path, issues } = spot;
  if (Object.keys(node.model_groups ?? {}).length === 0)
    issues.add(`${path}.model_groups`, 'Needs at least one group.');
  for (const key of [
    'strategy',
    'targets',
    'provider',
    'api_key',
    'virtual_key',
    'api_keys',
    'max_concurrency',
  ] as const) {
    if (node[key] !== undefined)
      issues.add(`${path}.${key}`, 'Has no effect beside "model_groups". It belongs inside a group.');
  }
  checkAliases(node, spot);
  checkFallbacks(node, spot);
}

function refuseBelowRoot(node: Config, { path, issues }: GroupSpot): void {
  for (const key of rootKeys) {
    if (node[key] !== undefined)
      issues.add(`${path}.${key}`, 'Belongs on the root of a config, beside "model_groups".');
  }
}

function requireGroups(node: Config, { path, issues }: GroupSpot): void {
  for (const key of rootKeys) {
    if (key !== 'compat' && node[key] !== undefined)
      issues.add(`${path}.${key}`, 'Has no meaning without "model_groups".');
  }
}

function checkAliases(root: Config, { path, issues }: GroupSpot): void {
  const { aliases } = modelNames(root);
  const resolve = groupNames(Object.keys(root.model_groups ?? {}), new Map());
  for (const alias of aliases.keys()) {
    const at = `${path}.aliases[${JSON.stringify(alias)}]`;
    const trail = [alias];
    for (let name = aliases.get(alias); name !== undefined; name = aliases.get(name)) {
      if (trail.includes(name)) {
        issues.add(at, `The aliases lead in a circle: ${[...trail, name].join(' -> ')}.`);
        break;
      }
      trail.push(name);
    }
    const end = trail.at(-1) ?? alias;
    if (!aliases.has(end) && resolve(end) === undefined) issues.add(at, noGroup(end, root));
  }
}

const maps = ['fallbacks', 'context_window_fallbacks', 'content_policy_fallbacks'] as const;

function checkFallbacks(root: Config, { path, issues }: GroupSpot): void {
  const resolve = groupNames(Object.keys(root.model_groups ?? {}), modelNames(root).aliases);
  const check = (name: string, at: string) => {
    if (resolve(name) === undefined) issues.add(at, noGroup(name, root));
  };
  for (const key of maps) {
    for (const [name, models] of Object.entries<readonly string[]>(root[key] ?? ({} as GroupFallbackMap))) {
      const at = `${path}.${key}[${JSON.stringify(name)}]`;
      if (name !== '*' && !Object.hasOwn(root.model_groups ?? {}, name)) check(name, at);
      models.forEach((model, index) => {
        check(model, `${at}[${index}]`);
        if (isSame(model, name, resolve)) issues.add(`${at}[${index}]`, 'A group cannot be asked in its own place.');
      });
    }
  }
  root.default_fallbacks?.forEach((model, index) => {
    check(model, `${path}.default_fallbacks[${index}]`);
  });
  if (root.default_fallbacks !== undefined && root.fallbacks?.['*'] !== undefined)
    issues.add(
      `${path}.default_fallbacks`,
      'Given together with "fallbacks" for "*", which says the same thing. Keep one.',
    );
}

function isSame(a: string, b: string, resolve: ResolveGroup): boolean {
  return a === b || (resolve(a) !== undefined && resolve(a)?.model === resolve(b)?.model);
}

function noGroup(name: string, root: Config): string {
  const known = [...Object.keys(root.model_groups ?? {}), ...Object.keys(root.aliases ?? {})];
  return `There is no model group ${JSON.stringify(name)}.${didYouMean(name, known) || ` Groups: ${known.join(', ')}.`}`;
}
