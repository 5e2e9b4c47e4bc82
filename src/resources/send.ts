import type { CallOptions } from '../config/client-options.ts';
import type { ModelRequest } from '../core/handler.ts';
import type { Caller, RequestOptions } from './caller.ts';
import { ResponsePromise } from './response-promise.ts';
import type { ServedReply } from './served-reply.ts';

/** What every call takes after its own arguments: Portkey's options, then the `openai` package's. */
export type CallArguments = readonly [params?: CallOptions | undefined, options?: RequestOptions | undefined];

/** Checks a call, sends it through the tree, and makes a value of what comes back. What `prepare` throws rejects the promise. */
export function send<Value>(
  caller: Caller,
  prepare: () => ModelRequest | Promise<ModelRequest>,
  args: CallArguments,
  toValue: (served: ServedReply) => Value,
): ResponsePromise<Value> {
  return new ResponsePromise(serve(caller, prepare, args), toValue);
}

async function serve(
  caller: Caller,
  prepare: () => ModelRequest | Promise<ModelRequest>,
  [params, options]: CallArguments,
): Promise<ServedReply> {
  const request = prepare();
  return caller.call(request instanceof Promise ? await request : request, params, options);
}
