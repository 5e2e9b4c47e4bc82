import { TargetDisabledError } from '../../core/errors/disabled-error.ts';
import type { Middleware } from '../../core/handler.ts';
import type { TargetState } from '../state/target-state.ts';

/** Refuses the calls of a target that was taken out of use by hand with `TargetDisabledError`, whatever else lets them through. */
export function disabled({ path, name, state }: DisabledTarget): Middleware {
  return (next) => (request, context) => {
    if (!state.circuit.isDisabled()) return next(request, context);
    const error = new TargetDisabledError(path);
    const { id: targetId, provider } = state;
    error.target = { path, targetId, provider, ...(name === undefined ? {} : { name }) };
    return Promise.reject(error);
  };
}

/** What may be taken out of use. */
export interface DisabledTarget {
  readonly path: string;
  readonly name: string | undefined;
  readonly state: TargetState;
}
