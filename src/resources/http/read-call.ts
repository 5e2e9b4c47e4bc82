import type { CallOptions } from '../../config/client-options.ts';
import type { ModelRequest } from '../../core/handler.ts';
import type { RequestOptions } from '../caller.ts';
import type { IncomingCall } from './incoming.ts';
import { modelRequestOf } from './model-request-of.ts';
import { readBody } from './read-body.ts';
import { readHeaders } from './read-headers.ts';
import { routeOf } from './route.ts';

/** An HTTP request as the arguments of `Caller.call`. */
export interface HttpCall {
  readonly request: ModelRequest;
  readonly params: CallOptions;
  readonly options: RequestOptions;
}

/** Reads a request of any OpenAI or Anthropic client. Rejects with `InvalidRequestError` or `ConfigError`, or with the signal's reason. */
export async function readCall(incoming: IncomingCall): Promise<HttpCall> {
  const { pathname, searchParams } = new URL(incoming.url, 'http://localhost');
  const route = routeOf(incoming.method, pathname);
  const { params, headers } = readHeaders(incoming.headers);
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
  const input = { body: hasBody ? await readBody(incoming) : {}, query: searchParams };
  return { request: modelRequestOf(route, input), params, options: { signal: incoming.signal, headers } };
}
