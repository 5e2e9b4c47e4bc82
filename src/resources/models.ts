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
  list(params?: CallOptions): ModelListPromise;
  /** What the provider that the config chooses says of a model of its own. */
  retrieve(model: string, ...args: CallArguments): ResponsePromise<Model & ReplyFacts>;
}

/** OpenAI's list, iterable as its page is. */
export interface ModelList extends AsyncIterable<Model> {
  readonly object: 'list';
  readonly data: readonly Model[];
}

/** A list to come, which can be iterated before it is there. */
export type ModelListPromise = Promise<ModelList> & AsyncIterable<Model>;

/** The models resource of a client. */
export function models(caller: Caller): Models {
  return {
    list(params) {
      const list = listed(caller, params);
      return Object.assign(list, {
        async *[Symbol.asyncIterator]() {
          yield* await list;
        },
      });
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

async function listed(caller: Caller, params: CallOptions | undefined): Promise<ModelList> {
  const data = await caller.models(params);
  return {
    object: 'list',
    data,
    async *[Symbol.asyncIterator]() {
      yield* data;
    },
  };
}
