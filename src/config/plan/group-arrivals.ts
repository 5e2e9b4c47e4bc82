import type { NamedGroup, ResolveGroup } from '../../routing/strategies/group-names.ts';
import type { Config } from '../config.ts';
import { groupResolver } from '../model-names.ts';

/** A model group on the way of a request. */
export interface GroupArrival {
  readonly named: NamedGroup;
  readonly isFirst: boolean;
  readonly why: string;
}

/** The groups a request for `model` may be asked of, in the order in which they would be; empty where none answers to it. */
export function groupArrivals(root: Config, model: string): readonly GroupArrival[] {
  const resolve = groupResolver(root) ?? (() => undefined);
  const named = resolve(model);
  if (named === undefined) return [];
  const found: GroupArrival[] = [{ named, isFirst: true, why: reason(model, named) }];
  follow(named, { root, resolve, found }, root.max_fallbacks ?? defaultMaxFallbacks);
  const typed = [
    ['context_window_fallbacks', 'was too long for'] as const,
    ['content_policy_fallbacks', 'was refused for its content by'] as const,
  ];
  for (const [key, what] of typed)
    for (const next of stepsOf(root[key], named, resolve)) add(found, next, `when the prompt ${what} "${named.model}"`);
  return found;
}

const defaultMaxFallbacks = 5;

function reason(model: string, { group, model: resolved }: NamedGroup): string {
  if (group === model) return `answers to model "${model}"`;
  return resolved === model ? `its name matches model "${model}"` : `model "${model}" is another name of "${resolved}"`;
}

interface Search {
  readonly root: Config;
  readonly resolve: ResolveGroup;
  readonly found: GroupArrival[];
}

/** Each group asked in another's place has its own fallbacks, which come before the rest of the others'. */
function follow(from: NamedGroup, search: Search, depth: number): void {
  if (depth === 0) return;
  const { root, resolve, found } = search;
  const { default_fallbacks: everywhere } = root;
  const map = { ...(everywhere === undefined ? {} : { '*': everywhere }), ...root.fallbacks };
  for (const next of stepsOf(map, from, resolve))
    if (add(found, next, `when "${from.model}" fails`)) follow(next, search, depth - 1);
}

function stepsOf(map: Config['fallbacks'], from: NamedGroup, resolve: ResolveGroup): readonly NamedGroup[] {
  const names = map?.[from.model] ?? map?.[from.group] ?? map?.['*'] ?? [];
  return names.flatMap((name) => resolve(name) ?? []);
}

function add(found: GroupArrival[], named: NamedGroup, why: string): boolean {
  if (found.some((other) => other.named.model === named.model)) return false;
  found.push({ named, isFirst: false, why });
  return true;
}
