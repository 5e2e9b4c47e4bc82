import { UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Codec } from '../../../core/provider.ts';
import { asObject, asObjects, asText } from '../shared/lenient.ts';
import { throwForReply } from './chat-reply.ts';

/**
 * OpenAI's model list, or one model for `/models/{id}`. One page of 1000, the most Google gives, holds them all. Google
 * tells no creation time: 0. Source: "Models", Gemini API reference.
 */
export const geminiModels: Codec = {
  encode(_body, scope) {
    const name = /^\/models\/(.+)$/.exec(scope.request.path ?? '')?.[1];
    return name === undefined
      ? { method: 'GET', path: '/models', query: { pageSize: '1000' } }
      : { method: 'GET', path: `/models/${name.replace(/^models\//, '')}` };
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
  return {
    id: (asText(model.name) ?? '').replace(/^models\//, ''),
    object: 'model',
    created: 0,
    owned_by: 'google',
  };
}
