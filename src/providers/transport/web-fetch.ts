import { APIConnectionError } from '../../core/errors/index.ts';
import { neverAborts } from '../../core/linked-abort.ts';
import type { HeaderMap } from '../../core/reply.ts';
import type { HttpRequest, HttpResponse } from '../../core/transport.ts';
import { wireError } from './connection-error.ts';
import type { Outgoing } from './outgoing.ts';
import { webBody } from './web-body.ts';

/** Sends a request through a plain `fetch`. Redirects are not followed. Rejects as `Transport.send` does. */
export async function webFetch(fetch: typeof globalThis.fetch, outgoing: Outgoing): Promise<HttpResponse> {
  const { request, method } = outgoing;
  const signal = outgoing.signal === neverAborts ? new AbortController().signal : outgoing.signal;
  if (signal.aborted) throw signal.reason;
  let response: Response;
  let headers: HeaderMap;
  try {
    const body = (request.body ?? null) as BodyInit | null;
    response = await fetch(request.url, { method, headers: requestHeaders(request), body, signal, redirect: 'manual' });
    headers = toHeaderMap(response.headers);
  } catch (error) {
    throw wireError(outgoing, 'no response came', error);
  }
  if (response.type === 'opaqueredirect') {
    throw new APIConnectionError(
      `${method} ${outgoing.address.host}: redirected, and this runtime does not say where to`,
    );
  }
  return { status: response.status, headers, body: webBody(response, outgoing) };
}

function requestHeaders(request: HttpRequest): Record<string, string> {
  const headers = { ...request.headers };
  // `fetch` names the boundary of a form itself.
  if (request.body instanceof FormData) delete headers['content-type'];
  return headers;
}

function toHeaderMap(headers: Headers): HeaderMap {
  const map: Record<string, string> = {};
  headers.forEach((value, name) => {
    const before = map[name];
    map[name] = before === undefined ? value : `${before}, ${value}`;
  });
  return map;
}
