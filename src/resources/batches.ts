import type { Batch, BatchCreateParams, BatchListParams } from '../core/openai/index.ts';
import { objectPath } from './call-path.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { firstPage, type Page, type PagePromise, toPage } from './page.ts';
import { type ReplyFacts, toWhole } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';

/** `portkey.batches` */
export interface Batches {
  create(body: BatchCreateParams, ...args: CallArguments): ResponsePromise<Batch & ReplyFacts>;
  retrieve(id: string, ...args: CallArguments): ResponsePromise<Batch & ReplyFacts>;
  list(query?: BatchListParams, ...args: CallArguments): PagePromise<Batch>;
  cancel(id: string, ...args: CallArguments): ResponsePromise<Batch & ReplyFacts>;
}

/** The batches resource of a client. */
export function batches(caller: Caller): Batches {
  const page = (query: BatchListParams, args: CallArguments): ResponsePromise<Page<Batch>> =>
    send(
      caller,
      () => ({ endpoint: 'batches', method: 'GET', body: { ...query } }),
      args,
      (served) => toPage<Batch>(served, (after) => page({ ...query, after }, args)),
    );
  return {
    create: (body, ...args) =>
      send(
        caller,
        () => ({ endpoint: 'batches', method: 'POST', body: checkBody(body, 'A batch', examples) }),
        args,
        toWhole<Batch>,
      ),
    retrieve: (id, ...args) => send(caller, () => ({ ...one(id), method: 'GET' }), args, toWhole<Batch>),
    list: (query = {}, ...args) => firstPage(page(query, args)),
    cancel: (id, ...args) => send(caller, () => ({ ...one(id, 'cancel'), method: 'POST' }), args, toWhole<Batch>),
  };
}

const examples = { input_file_id: '"file-abc123"', endpoint: '"/v1/chat/completions"', completion_window: '"24h"' };

function one(id: string, below?: string) {
  return { endpoint: 'batches', path: objectPath('batches', id, below), body: {} } as const;
}
