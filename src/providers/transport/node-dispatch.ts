import type { HttpRequest, HttpResponse } from '../../core/transport.ts';
import { wireError } from './connection-error.ts';
import type { Exchange } from './node-fetch-exchange.ts';
import { CallbackExchange, ControllerExchange } from './node-fetch-handlers.ts';
import { requestHeaders } from './node-fetch-headers.ts';
import type { Outgoing } from './outgoing.ts';

/** The part of undici's `Dispatcher` that a request needs. Source: undici documentation, "Dispatcher". */
export interface Dispatcher {
  dispatch(options: DispatchOptions, handler: Exchange): unknown;
}

interface DispatchOptions {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string | Uint8Array | null;
}

/** Which callbacks the undici of this Node calls. */
export type HandlerKind = keyof typeof handlers;

const handlers = { callbacks: CallbackExchange, controller: ControllerExchange } as const;

/** Sends a request through a dispatcher of undici. Rejects as `Transport.send` does. */
export function sendThrough(dispatcher: Dispatcher, outgoing: Outgoing, handler: HandlerKind): Promise<HttpResponse> {
  const { body } = outgoing.request;
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    return dispatch(outgoing, body ?? null, dispatcher, handler);
  }
  return encodeForm(outgoing.request, body).then(
    ([request, bytes]) => dispatch({ ...outgoing, request }, bytes, dispatcher, handler),
    (error) => Promise.reject(wireError(outgoing, 'no response came', error)),
  );
}

function dispatch(
  outgoing: Outgoing,
  body: DispatchOptions['body'],
  dispatcher: Dispatcher,
  handler: HandlerKind,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    if (outgoing.signal.aborted) throw outgoing.signal.reason;
    const { address, method, request } = outgoing;
    const exchange = new handlers[handler](outgoing, resolve, reject);
    const headers = requestHeaders(request.headers);
    try {
      dispatcher.dispatch({ origin: address.origin, path: address.path, method, headers, body }, exchange);
    } catch (error) {
      exchange.fail(error);
    }
  });
}

/** The multipart bytes of a form, and the request with the content type that names their boundary. */
async function encodeForm(request: HttpRequest, form: FormData): Promise<[HttpRequest, Uint8Array]> {
  const encoded = new Response(form);
  const contentType = encoded.headers.get('content-type') ?? 'multipart/form-data';
  return [
    { ...request, headers: { ...request.headers, 'content-type': contentType } },
    new Uint8Array(await encoded.arrayBuffer()),
  ];
}
