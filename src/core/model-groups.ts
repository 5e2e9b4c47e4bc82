import type { ErrorKind } from './errors/kind.ts';
import type { JsonObject } from './json.ts';

/** One model group to ask in another's place. */
export interface FallbackStep {
  /** Its name, as a request would write it. */
  readonly model: string;
  /** Body fields in place of the caller's, for this step and its own fallbacks. */
  readonly params?: JsonObject;
}

/** From a group's name, pattern, or `*`, to who is asked in its place. */
export type FallbackMap = ReadonlyMap<string, readonly FallbackStep[]>;

/** The ways from group to group. */
export interface GroupFallbacks {
  readonly general: FallbackMap;
  /** When given, prompts that were too long go only these ways. */
  readonly contextWindow?: FallbackMap | undefined;
  /** When given, refused content goes only these ways. */
  readonly contentPolicy?: FallbackMap | undefined;
}

/** How a single call changes the ways between model groups. */
export interface CallGroups extends Partial<GroupFallbacks> {
  /** In place of all ways from the group that the call names. */
  readonly own?: readonly FallbackStep[];
  readonly maxFallbacks?: number;
  /** The group that the call names is not asked: it fails with this, so that its fallbacks can be seen at work. */
  readonly failWith?: ErrorKind;
}
