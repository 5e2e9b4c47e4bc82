import { TranslationError, UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { Codec } from '../../../core/provider.ts';
import { toCall } from './call.ts';
import { eventStream } from './event-stream.ts';

/**
 * Any other path of the provider: method, path and body pass through, and so does the reply, `error` members included, because
 * nothing is known of its shape. A bare list becomes `{object: 'list', data}`.
 */
export const proxy: Codec = {
  encode(body, scope) {
    const { path } = scope.request;
    if (path === undefined) throw new TranslationError('path', 'A proxy call needs a path, as in "/fine_tuning/jobs".');
    return toCall({ path }, body, scope);
  },
  decode(reply) {
    if (Array.isArray(reply)) return { object: 'list', data: reply };
    if (!isJsonObject(reply)) throw new UnreadableReplyError('The reply is no JSON object', reply);
    return reply;
  },
  decodeStream: eventStream(undefined),
  reply: 'auto',
};
