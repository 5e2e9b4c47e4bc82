import type { Endpoint } from '../../core/endpoint.ts';
import type { Caller } from '../caller.ts';
import type { HttpAnswer } from './answer.ts';
import { answerOf } from './answer-of.ts';
import { errorAnswerOf } from './error-answer-of.ts';
import type { IncomingCall } from './incoming.ts';
import { type HttpCall, readCall } from './read-call.ts';
import { toResponse } from './to-response.ts';

/** What stands between reading a request and sending it through the tree. */
export interface ServeOptions {
  /** Sees each call before it is made and may change it; what it throws is answered like any failure. */
  readonly prepare?: (call: HttpCall) => HttpCall | Promise<HttpCall>;
}

/** Sends an HTTP request through the routing tree. Never rejects: a failure is a response of OpenAI's shape, Anthropic's for `/messages`. */
export async function serve(caller: Caller, incoming: IncomingCall, options: ServeOptions = {}): Promise<Response> {
  let endpoint: Endpoint = isMessages(incoming.url) ? 'messages' : 'proxy';
  try {
    const read = await readCall(incoming);
    const call = options.prepare === undefined ? read : await options.prepare(read);
    endpoint = call.request.endpoint;
    return toResponse(await answerTo(call, caller));
  } catch (error) {
    return toResponse(errorAnswerOf(error, endpoint));
  }
}

/** Also of a request that could not be read. */
function isMessages(url: string): boolean {
  return /\/messages(?:\/|\?|$)/.test(url);
}

async function answerTo({ request, params, options }: HttpCall, caller: Caller): Promise<HttpAnswer> {
  if (request.endpoint === 'models' && request.path === undefined) return listAnswer(await caller.models(params));
  // Options are checked; most requests have none.
  const given = Object.keys(params).length === 0 ? undefined : params;
  return answerOf(await caller.call(request, given, options), request.endpoint);
}

function listAnswer(data: readonly object[]): HttpAnswer {
  const text = JSON.stringify({ object: 'list', data });
  return { status: 200, headers: { 'content-type': 'application/json' }, body: { kind: 'text', text } };
}
