import { NoMatchingTargetError } from '../../core/errors/fit-errors.ts';
import type { Demand, Limit, Reservation } from '../../core/limit.ts';

/** What a target is labelled with, and what holds in its config. */
export interface TagFacts {
  readonly path: string;
  /** Its own tags and those of the nodes above it. */
  readonly tags: ReadonlySet<string>;
  readonly region: string | undefined;
  /** Of the tags a call asks for. */
  readonly match: 'any' | 'all';
  /** Does the config label any target, so that tags choose between targets? */
  readonly hasTags: boolean;
  /** Is any target of the config tagged `default`: for calls that ask for no tag? */
  readonly hasDefault: boolean;
}

const defaultTag = 'default';
const nothingHeld: Reservation = { settle: () => undefined, refund: () => undefined };

/**
 * Whether a target may take a call by tags and region. A call that asks for tags goes to targets that have any of them (or all, by
 * `match`); one that asks for none goes to those tagged `default`, where there is no such target to all. One that asks for a region goes
 * only to targets that say it is theirs.
 */
export function tagMatch(facts: TagFacts): Limit {
  const fits = (demand: Demand) => isInRegion(facts, demand.regions) && hasTags(facts, demand.tags);
  return {
    readyAt: (demand, now) => (fits(demand) ? now : Number.POSITIVE_INFINITY),
    fitsEver: fits,
    reserve: () => nothingHeld,
    refusal: (demand) => new NoMatchingTargetError(mismatch(facts, demand)),
  };
}

function isInRegion({ region }: TagFacts, asked: readonly string[] | undefined): boolean {
  return asked === undefined || asked.length === 0 || (region !== undefined && asked.includes(region));
}

function hasTags(facts: TagFacts, asked: readonly string[] | undefined): boolean {
  if (!facts.hasTags) return true;
  if (asked === undefined || asked.length === 0) return !facts.hasDefault || facts.tags.has(defaultTag);
  return facts.match === 'all' ? asked.every((tag) => facts.tags.has(tag)) : asked.some((tag) => facts.tags.has(tag));
}

function mismatch(facts: TagFacts, { tags = [], regions = [] }: Demand): string {
  const { path, region } = facts;
  if (!isInRegion(facts, regions))
    return `The call asks for ${listed('region', regions)}, ${path} is in ${region === undefined ? 'none it names' : `"${region}"`}.`;
  const own = facts.tags.size === 0 ? 'no tags' : listed('tag', [...facts.tags]);
  return tags.length === 0
    ? `The call asks for no tag, so it goes to targets tagged "${defaultTag}"; ${path} has ${own}.`
    : `The call asks for ${facts.match === 'any' && tags.length > 1 ? 'any of ' : ''}${listed('tag', tags)}, ${path} has ${own}.`;
}

function listed(word: string, values: readonly string[]): string {
  return `${word}${values.length === 1 ? '' : 's'} ${values.map((value) => `"${value}"`).join(', ')}`;
}
