import { apiError } from '../../../core/errors/api-error.ts';
import { UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { Codec } from '../../../core/provider.ts';
import { errorFacts } from '../shared/error-facts.ts';
import { carriesError } from '../shared/event-data.ts';
import { isMainCall, toCall } from './call.ts';
import { eventStream } from './event-stream.ts';
import { requireList } from './reply.ts';

const form = { path: '/responses' };

/**
 * `responses`, with the calls on one response below it. A created response that failed throws; a retrieved one is handed on, since
 * its failure is what the caller asked about. Source: OpenAI API reference, "Responses" and "Streaming events".
 */
export const responses: Codec = {
  encode: (body, scope) => toCall(form, body, scope),
  decode(reply, scope) {
    if (!isJsonObject(reply)) throw new UnreadableReplyError('The reply is no JSON object', reply);
    if (!isMainCall(form, scope)) return reply;
    if (reply['status'] === 'failed' || carriesError(reply))
      throw apiError(errorFacts(undefined, { error: reply['error'] }));
    requireList(reply, 'output');
    return reply;
  },
  decodeStream: eventStream(['response.completed', 'response.incomplete', 'response.cancelled']),
};
