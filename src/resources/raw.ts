import type { JsonObject } from '../core/json.ts';
import { providerPath } from './call-path.ts';
import type { Caller } from './caller.ts';
import { type ReplyFacts, toObjectOrText } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';
import type { ServedReply } from './served-reply.ts';
import { type Stream, streamOf } from './stream.ts';

/**
 * Any path of the provider below its base URL, as in `/fine_tuning/jobs`; body and reply are the provider's own. A reply that
 * is not JSON is its text; take `asResponse()` for its bytes. A target's `override_params` apply to what is posted.
 */
export interface Raw {
  post<Item extends object = JsonObject>(
    path: string,
    body: StreamingBody,
    ...args: CallArguments
  ): ResponsePromise<Stream<Item>>;
  post<Reply = JsonObject>(path: string, body?: object, ...args: CallArguments): ResponsePromise<WithFacts<Reply>>;
  put<Reply = JsonObject>(path: string, body?: object, ...args: CallArguments): ResponsePromise<WithFacts<Reply>>;
  get<Reply = JsonObject>(path: string, ...args: CallArguments): ResponsePromise<WithFacts<Reply>>;
  delete<Reply = JsonObject>(path: string, ...args: CallArguments): ResponsePromise<WithFacts<Reply>>;
}

/** A body that asks for a stream of server-sent events. */
export interface StreamingBody {
  readonly stream: true;
  readonly [name: string]: unknown;
}

/** Objects tell about their reply; texts cannot. */
export type WithFacts<Reply> = Reply extends object ? Reply & ReplyFacts : Reply;

/** The raw methods of a client. */
export function raw(caller: Caller): Raw {
  const calling = (method: string, path: string, body: object, args: CallArguments) =>
    send(caller, () => ({ endpoint: 'proxy', method, path: providerPath(path), body: { ...body } }), args, received);
  return {
    post: ((path: string, body: object = {}, ...args: CallArguments) =>
      calling('POST', path, body, args)) as Raw['post'],
    put: ((path: string, body: object = {}, ...args: CallArguments) => calling('PUT', path, body, args)) as Raw['put'],
    get: ((path: string, ...args: CallArguments) => calling('GET', path, {}, args)) as Raw['get'],
    delete: ((path: string, ...args: CallArguments) => calling('DELETE', path, {}, args)) as Raw['delete'],
  };
}

function received(served: ServedReply) {
  return served.reply.body.kind === 'stream' ? streamOf<JsonObject>(served) : toObjectOrText<JsonObject>(served);
}
