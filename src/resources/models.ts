import type { CallOptions } from '../config/client-options.ts';
import type { Model } from '../core/openai/index.ts';
import type { Caller } from './caller.ts';

/** `portkey.models` */
export interface Models {
  /** The targets of the config as models: `id` is the model the config sets, else the target's name or path; `owned_by` its provider. */
  list(params?: CallOptions): Promise<ModelList>;
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
  };
}
