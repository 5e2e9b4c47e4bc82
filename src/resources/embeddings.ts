import type { CreateEmbeddingResponse, EmbeddingCreateParams } from '../core/openai/index.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { type ReplyFacts, toWhole } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';

/** `portkey.embeddings` */
export interface Embeddings {
  create(body: EmbeddingCreateParams, ...args: CallArguments): ResponsePromise<CreateEmbeddingResponse & ReplyFacts>;
}

/** The embeddings resource of a client. */
export function embeddings(caller: Caller): Embeddings {
  return {
    create: (body, ...args) =>
      send(
        caller,
        () => ({ endpoint: 'embeddings', body: checkBody(body, 'An embedding', examples) }),
        args,
        toWhole<CreateEmbeddingResponse>,
      ),
  };
}

const examples = { input: '"The quick brown fox"' };
