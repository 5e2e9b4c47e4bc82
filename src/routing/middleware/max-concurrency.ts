import { CapacityError } from '../../core/errors/routing-errors.ts';
import type { Middleware } from '../../core/handler.ts';
import type { TargetState } from '../state/target-state.ts';

/**
 * Refuses a call of a target that has `limit` requests in flight. The observer below counts them: nothing between this check and the
 * observer may wait, or two calls could take the same place.
 */
export function maxConcurrency(
  limit: number,
  { path, state }: { readonly path: string; readonly state: TargetState },
): Middleware {
  return (next) => (request, context) => {
    if (state.inFlight < limit) return next(request, context);
    const error = new CapacityError(path, limit);
    error.target = { path, targetId: state.id, provider: state.provider };
    return Promise.reject(error);
  };
}
