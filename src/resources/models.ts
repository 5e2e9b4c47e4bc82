import type { CallOptions } from '../config/client-options.ts';
import type { Model } from '../core/openai/index.ts';
import { objectPath } from './call-path.ts';
import type { Caller } from './caller.ts';
import { type ReplyFacts, toWhole } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';

/** `portkey.models` */
export interface Models {
  /** The targets of the config as models: `id` is the model the config sets, else the target's name or path; `owned_by` its provider. */
  list(params?: CallOptions): Promise<ModelList>;
  /** What the provider that the config chooses says of a model of its own. */
  retrieve(model: string, ...args: CallArguments): ResponsePromise<Model & ReplyFacts>;
}

/** OpenAI's list, iterable as its page is. */
export interface ModelList extends AsyncIterable<Model> {
  readonly object: 'list';
  readonly data: readonly Model[];
}

/** The models resource of a client. */
export function models(caller: Caller): Models {
  return {
    async list(params) {
      const data = await caller.models(params);
      return {
        object: 'list',
        data,
        async *[Symbol.asyncIterator]() {
          yield* data;
        },
      };
    },
    retrieve: (model, ...args) =>
      send(
        caller,
        () => ({ endpoint: 'models', method: 'GET', path: objectPath('models', model), body: {} }),
        args,
        toWhole<Model>,
      ),
  };
}
