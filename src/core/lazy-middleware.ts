import type { Handler, Middleware } from './handler.ts';
import { loadAhead } from './lazy-part.ts';
import type { OpenedOnce } from './open-once.ts';

/** The middleware that `make` makes of a part, which begins to load at once. Calls before it is loaded wait for it. */
export function lazyMiddleware<Part>(part: OpenedOnce<Part>, make: (loaded: Part) => Middleware): Middleware {
  loadAhead([part]);
  return (next) => {
    let handler: Handler | undefined;
    const whenLoaded: Handler = async (request, context) => {
      const loaded = part.known ?? (await part.get());
      handler ??= make(loaded)(next);
      return handler(request, context);
    };
    return (request, context) => (handler ?? whenLoaded)(request, context);
  };
}
