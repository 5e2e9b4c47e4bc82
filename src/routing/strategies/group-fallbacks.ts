import type { ErrorKind } from '../../core/errors/kind.ts';
import type { CallGroups, FallbackMap, FallbackStep, GroupFallbacks } from '../../core/model-groups.ts';
import type { NamedGroup, ResolveGroup } from './group-names.ts';

/** Who is asked when a group has failed with an error of `kind`. An entry for the model itself beats one for its pattern, which beats `*`. */
export function nextSteps(fallbacks: GroupFallbacks, failed: NamedGroup, kind: ErrorKind): readonly FallbackStep[] {
  const map = mapFor(kind, fallbacks);
  return map.get(failed.model) ?? map.get(failed.group) ?? map.get('*') ?? [];
}

function mapFor(kind: ErrorKind, { general, contextWindow, contentPolicy }: GroupFallbacks): FallbackMap {
  if (kind === 'context_window') return contextWindow ?? general;
  return kind === 'content_policy' ? (contentPolicy ?? general) : general;
}

/** A map as written, with every alias among its keys resolved. */
export function toFallbackMap(
  entries: Iterable<readonly [string, readonly FallbackStep[]]>,
  resolve: ResolveGroup,
): FallbackMap {
  return new Map(
    [...entries].map(([name, steps]) => [name.includes('*') ? name : (resolve(name)?.model ?? name), steps]),
  );
}

/** The ways of a config as one call has changed them: its maps join the config's entry by entry, its own list beats them all. */
export function withCall(standing: GroupFallbacks, asked: NamedGroup, call: CallGroups): GroupFallbacks {
  const own: FallbackMap = call.own === undefined ? nothing : new Map([[asked.model, call.own]]);
  return {
    general: joined(joined(standing.general, call.general), own),
    contextWindow: joinedIfAny(standing.contextWindow, call.contextWindow, own),
    contentPolicy: joinedIfAny(standing.contentPolicy, call.contentPolicy, own),
  };
}

const nothing: FallbackMap = new Map();

function joined(standing: FallbackMap, more: FallbackMap | undefined): FallbackMap {
  return more === undefined || more.size === 0 ? standing : new Map([...standing, ...more]);
}

function joinedIfAny(
  standing: FallbackMap | undefined,
  more: FallbackMap | undefined,
  own: FallbackMap,
): FallbackMap | undefined {
  return standing === undefined && more === undefined ? undefined : joined(joined(standing ?? nothing, more), own);
}
