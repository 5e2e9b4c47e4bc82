import type { Attempt } from '../core/attempt.ts';
import type { HeaderMap } from '../core/reply.ts';
import { type PortkeyHeaders, portkeyHeaders } from './portkey-headers.ts';

/** What a reply object says about how it came to be. */
export interface ReplyFacts {
  /** Portkey's headers, without their prefix. A fresh object each time. */
  getHeaders(): PortkeyHeaders;
  /** Every attempt of the request, in order. */
  readonly attempts: readonly Readonly<Attempt>[];
}

/**
 * Adds `getHeaders()` and `attempts` to `value` itself, which must be this request's own. Neither is enumerable: the
 * value is cloned, spread, compared and written as JSON as if they were not there.
 */
export function attachHeaders<Value extends object>(
  value: Value,
  served: { readonly headers: HeaderMap; readonly attempts: readonly Readonly<Attempt>[] },
): Value & ReplyFacts {
  // The headers are made when they are asked for. One property at a time: `defineProperties` takes more than twice as long.
  define(value, 'getHeaders', () => portkeyHeaders(served.headers));
  define(value, 'attempts', served.attempts);
  return value as Value & ReplyFacts;
}

function define(target: object, name: keyof ReplyFacts, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}
