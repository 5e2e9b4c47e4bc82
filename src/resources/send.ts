import type { ModelRequest } from '../core/handler.ts';
import { type CallArguments, inPlace } from './call-arguments.ts';
import type { Caller } from './caller.ts';
import { ResponsePromise } from './response-promise.ts';
import type { ServedReply } from './served-reply.ts';

export type { CallArguments };

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
  args: CallArguments,
): Promise<ServedReply> {
  const request = prepare();
  const [params, options] = inPlace(args);
  return caller.call(request instanceof Promise ? await request : request, params, options);
}
