import type { Middleware } from '../../core/handler.ts';
import { lazyMiddleware } from '../../core/lazy-middleware.ts';
import { lazyPart } from '../../core/lazy-part.ts';
import type * as caching from './cache.ts';
import type * as guarding from './guard.ts';

// What only some configs have, and what nothing asks but its own handler: loaded where a config has it.

const cachePart = lazyPart('cache', () => import('./cache.ts'));
const guardPart = lazyPart('guard', () => import('./guard.ts'));

/** `cache` of `cache.ts`. */
export function cache(...given: Parameters<typeof caching.cache>): Middleware {
  return lazyMiddleware(cachePart, (loaded) => loaded.cache(...given));
}

/** `guard` of `guard.ts`. */
export function guard(...given: Parameters<typeof guarding.guard>): Middleware {
  return lazyMiddleware(guardPart, (loaded) => loaded.guard(...given));
}
