import type { Attempt } from '../core/attempt.ts';
import type { HookResults } from '../core/hooks.ts';
import type { JsonObject } from '../core/json.ts';
import type { HeaderMap } from '../core/reply.ts';
import { type PortkeyHeaders, portkeyHeaders } from './portkey-headers.ts';
import { rawResponse } from './raw-response.ts';
import type { ServedReply } from './served-reply.ts';
import { type Stream, streamOf } from './stream.ts';

/** What a reply object says about how it came to be. */
export interface ReplyFacts {
  /** Portkey's headers, without their prefix. A fresh object each time. */
  getHeaders(): PortkeyHeaders;
  /** Every attempt of the request, in order. */
  readonly attempts: readonly Readonly<Attempt>[];
  /** What the config's guardrails said, as in Portkey; absent where there are none, and with `strictOpenAiCompliance`. */
  readonly hook_results?: HookResults;
}

/** What the caller of an endpoint gets: the reply object, or a stream of its chunks. */
export function toValue<Whole extends object, Chunk>(served: ServedReply): (Whole & ReplyFacts) | Stream<Chunk> {
  return served.reply.body.kind === 'stream' ? streamOf<Chunk>(served) : toWhole<Whole>(served);
}

/** The reply object of an endpoint that does not stream. */
export function toWhole<Whole extends object>(served: ServedReply): Whole & ReplyFacts {
  const { body } = served.reply;
  if (body.kind !== 'json') throw new TypeError(`A reply of kind "${body.kind}" is not an object.`);
  return attachHeaders(body.value as JsonObject as Whole, served);
}

/** The reply object where it is JSON, else its text. Null where the provider answered with nothing (204). */
export function toObjectOrText<Whole extends object>(served: ServedReply): (Whole & ReplyFacts) | string | null {
  const { body, status } = served.reply;
  if (body.kind !== 'bytes') return toWhole<Whole>(served);
  return status === 204 ? null : new TextDecoder().decode(body.bytes);
}

/** The reply as a web `Response`, for endpoints whose reply is a file. */
export function toResponse(served: ServedReply): Response & ReplyFacts {
  return attachHeaders(rawResponse(served), served);
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

/** {@link attachHeaders} with what `reply` tells, for a value made of it. */
export function withFactsOf<Value extends object>(reply: ReplyFacts, value: Value): Value & ReplyFacts {
  define(value, 'getHeaders', reply.getHeaders);
  define(value, 'attempts', reply.attempts);
  return value as Value & ReplyFacts;
}

function define(target: object, name: 'getHeaders' | 'attempts', value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}
