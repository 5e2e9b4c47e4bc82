import type { LimitSet } from '../../core/limit.ts';
import { maxConcurrency } from '../../routing/middleware/index.ts';
import type { TargetState } from '../../routing/state/target-state.ts';
import type { Config } from '../config.ts';
import type { Place } from '../place.ts';

/**
 * Every limit that a call of a target must fit, reserved together: first those of the nodes above it, then its own. A limit that refuses
 * goes into `binding`, one that pickers heed and nothing else into `steering`.
 */
export function targetLimits(node: Config, { path }: Place, state: TargetState): LimitSet {
  const { max_concurrency } = node;
  const mode = 'enforce';
  return {
    binding: max_concurrency === undefined ? [] : [maxConcurrency(max_concurrency, { path, state, mode })],
    steering: [],
  };
}
