import { apiError } from '../../../core/errors/api-error.ts';
import { UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Codec } from '../../../core/provider.ts';
import { errorFacts } from '../shared/error-facts.ts';
import { carriesError } from '../shared/event-data.ts';
import { type CallForm, isMainCall, toCall } from './call.ts';

/** The reply of a 2xx as an object. Throws the `APIError` it stands for, `UnreadableReplyError` when it is no object. */
export function toReplyObject(reply: unknown): JsonObject {
  if (Array.isArray(reply) && isJsonObject(reply[0]) && carriesError(reply[0]))
    throw apiError(errorFacts(undefined, reply));
  if (!isJsonObject(reply)) throw new UnreadableReplyError('The reply is no JSON object', reply);
  if (carriesError(reply)) throw apiError(errorFacts(undefined, reply));
  return reply;
}

/** Throws `UnreadableReplyError` unless `reply` holds a list in `field`. */
export function requireList(reply: JsonObject, field: string): void {
  if (!Array.isArray(reply[field])) throw new UnreadableReplyError(`The reply has no list "${field}"`, reply);
}

/** A codec that changes nothing: the caller's body goes out, the reply of the main call must hold the list `field`. */
export function plainCodec(
  form: CallForm,
  field: string | undefined,
  more: Pick<Codec, 'reply' | 'decodeStream'> = {},
): Codec {
  return {
    encode: (body, scope) => toCall(form, body, scope),
    decode(reply, scope) {
      const value = toReplyObject(reply);
      if (field !== undefined && isMainCall(form, scope)) requireList(value, field);
      return value;
    },
    ...more,
  };
}
