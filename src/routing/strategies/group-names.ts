import { bySpecificity, wildcard } from './wildcard.ts';

/** A model group that a name leads to. */
export interface NamedGroup {
  /** The group's own name, or its pattern. */
  readonly group: string;
  /** The model asked for, once aliases are resolved: the group's name, or a text its pattern matches. */
  readonly model: string;
  /** What the stars of the pattern stand for. */
  readonly captured: readonly string[];
}

/** From the `model` of a request to its group; undefined where there is none. */
export type ResolveGroup = (model: string) => NamedGroup | undefined;

/** An alias before all, then a group of that very name, then the most specific pattern. An alias of an alias leads on. */
export function groupNames(groups: readonly string[], aliases: ReadonlyMap<string, string>): ResolveGroup {
  const isPattern = (group: string) => group.includes('*');
  const patterns = groups.filter(isPattern).sort(bySpecificity).map(wildcard);
  const exact = new Map<string, NamedGroup>(
    groups.filter((group) => !isPattern(group)).map((group) => [group, { group, model: group, captured: [] }]),
  );
  const byPattern = (model: string): NamedGroup | undefined => {
    for (const { pattern, match } of patterns) {
      const captured = match(model);
      if (captured !== undefined) return { group: pattern, model, captured };
    }
    return undefined;
  };
  const named = (model: string) => exact.get(model) ?? byPattern(model);
  const aliased = new Map(
    [...aliases.keys()].flatMap((alias) => {
      const found = named(endOf(alias, aliases));
      return found === undefined ? [] : [[alias, found] as const];
    }),
  );
  return (model) => aliased.get(model) ?? named(model);
}

/** Where a chain of aliases ends; one that goes in a circle ends where it began. */
function endOf(alias: string, aliases: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  let name = alias;
  for (let next = aliases.get(name); next !== undefined && !seen.has(name); next = aliases.get(name)) {
    seen.add(name);
    name = next;
  }
  return name;
}
