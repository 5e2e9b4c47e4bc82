import { didYouMean } from '../../core/did-you-mean.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { TargetSnapshot } from '../../routing/state/target-state.ts';
import type { TargetStates } from '../../routing/state/target-states.ts';

/** Takes targets out of use and puts them back, by hand. */
export interface TargetSwitch {
  /**
   * From now on the target is not called, by no config and whatever its health says, until it is enabled: calls under way go on, others go
   * where they would if it cooled down. Holds in this process, and as long as it lives. Returns how the target is doing then. Throws
   * `InvalidRequestError` for an ID that no target has; see `portkey.state()`.
   */
  disable(id: string): TargetSnapshot;
  /** Puts a target back into use; one that cools down goes on doing so. The same holds as for `disable`. */
  enable(id: string): TargetSnapshot;
}

/** A switch for what `states` know. Every turn is an event. */
export function createTargetSwitch(
  states: TargetStates,
  { clock, events }: Pick<Runtime, 'clock' | 'events'>,
): TargetSwitch {
  function turn(id: string, isDisabled: boolean): TargetSnapshot {
    const hasTurned = states.setDisabled(id, isDisabled);
    if (hasTurned === undefined) throw unknown(id);
    const snapshot = states.snapshot(clock.now()).find((known) => known.id === id);
    if (snapshot === undefined) throw unknown(id);
    const { provider, paths } = snapshot;
    if (hasTurned) events.emit(isDisabled ? 'target-disable' : 'target-enable', { targetId: id, provider, paths });
    return snapshot;
  }

  function unknown(id: string): InvalidRequestError {
    const hint = didYouMean(
      id,
      states.snapshot(clock.now()).map((known) => known.id),
    );
    return new InvalidRequestError(
      'id',
      `No target has the ID ${JSON.stringify(id)}.${hint} portkey.state() lists all.`,
    );
  }

  return { disable: (id) => turn(id, true), enable: (id) => turn(id, false) };
}
