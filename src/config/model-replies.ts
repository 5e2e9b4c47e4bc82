import { ModelNotFoundError } from '../core/errors/routing-errors.ts';
import type { Middleware } from '../core/handler.ts';
import type { JsonObject } from '../core/json.ts';
import type { Reply } from '../core/reply.ts';
import type { Config } from './config.ts';
import { describeModel, describeModels, type ModelDescription } from './describe.ts';

/** Answers what is asked about the models of a root with model groups: nobody upstream knows these names. */
export function modelReplies(root: Config): Middleware {
  return (next) => (request, context) => {
    const { endpoint, method, path = '/models' } = request;
    if (endpoint !== 'models' || method !== 'GET') return next(request, context);
    const [, asked] = /^\/models\/([^/?]+)/.exec(path) ?? [];
    if (asked === undefined) return Promise.resolve(reply({ object: 'list', data: describeModels(root).map(toModel) }));
    const id = decoded(asked);
    const model = describeModel(id, root);
    if (model !== undefined) return Promise.resolve(reply(toModel(model)));
    return Promise.reject(
      new ModelNotFoundError(
        id,
        describeModels(root).map((known) => known.id),
      ),
    );
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function toModel({ id, owner }: ModelDescription): JsonObject {
  return { id, object: 'model', created: 0, owned_by: owner };
}

function reply(value: JsonObject): Reply {
  return {
    status: 200,
    headers: {},
    target: { path: 'config', targetId: 'config', provider: '' },
    body: { kind: 'json', value },
    retries: 0,
    cache: 'DISABLED',
    onSettle: (listener) => listener({ result: 'success' }),
  };
}
