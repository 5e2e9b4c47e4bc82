import { UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Codec } from '../../../core/provider.ts';
import { asObject, asObjects, asText } from '../shared/lenient.ts';
import { throwForReply } from './chat-reply.ts';

/**
 * OpenAI's model list, or one model for `/models/{id}`. One page of 1000, the most Cohere gives, holds them all. Cohere
 * tells no creation time: 0. Source: "List models", Cohere API reference.
 */
export const cohereModels: Codec = {
  encode(_body, scope) {
    const name = /^\/models\/(.+)$/.exec(scope.request.path ?? '')?.[1];
    return name === undefined
      ? { method: 'GET', path: '/v1/models', query: { page_size: '1000' } }
      : { method: 'GET', path: `/v1/models/${name}` };
  },
  decode(reply) {
    throwForReply(reply);
    const body = asObject(reply);
    if (typeof body.name === 'string') return modelOf(body);
    if (!Array.isArray(body.models)) throw new UnreadableReplyError('A model list without models', reply);
    return { object: 'list', data: asObjects(body.models).map(modelOf) };
  },
};

function modelOf(model: JsonObject): JsonObject {
  return { id: asText(model.name) ?? '', object: 'model', created: 0, owned_by: 'cohere' };
}
