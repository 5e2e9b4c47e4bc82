import { NoConditionMatchedError } from '../../core/errors/routing-errors.ts';
import type { Handler } from '../../core/handler.ts';
import type { Predicate } from './query.ts';

/** A condition with the child it leads to. */
export interface Route {
  readonly matches: Predicate;
  readonly handler: Handler;
}

/** The first route whose condition matches, else `otherwise`. Conditions see the caller's own body. */
export function conditional(path: string, routes: readonly Route[], otherwise: Handler | undefined): Handler {
  return (request, context) => {
    const facts = { metadata: context.metadata, params: request.body, url: { pathname: context.pathname } };
    const handler = routes.find((route) => route.matches(facts))?.handler ?? otherwise;
    if (handler === undefined) return Promise.reject(new NoConditionMatchedError(path));
    return handler(request, context);
  };
}
