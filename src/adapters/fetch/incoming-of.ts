import type { IncomingCall } from '../../resources/http/index.ts';

/** The arguments of `fetch` as a request. The usual bodies, text and form, are handed on as they are: a `Request` would write and read them again. */
export function incomingOf(input: string | URL | Request, init: RequestInit = {}): IncomingCall {
  const { body, signal } = init;
  if (input instanceof Request) return Object.keys(init).length === 0 ? input : new Request(input, init);
  const url = String(input);
  if (body !== undefined && body !== null && typeof body !== 'string' && !(body instanceof FormData))
    // Node wants to hear that a streamed body is sent before the response is read.
    return new Request(url, { ...init, duplex: 'half' } as RequestInit);
  return {
    method: (init.method ?? 'GET').toUpperCase(),
    url,
    headers: body instanceof FormData ? formHeaders(init.headers) : toHeaders(init.headers),
    signal: signal ?? undefined,
    text: async () => (typeof body === 'string' ? body : ''),
    formData: async () => (body instanceof FormData ? body : new FormData()),
  };
}

/** Most clients bring the object itself, which is only read. */
function toHeaders(given: RequestInit['headers']): Headers {
  return given instanceof Headers ? given : new Headers(given);
}

/** The type a runtime would give it, whose boundary nobody needs. */
function formHeaders(given: RequestInit['headers']): Headers {
  const headers = new Headers(given);
  headers.set('content-type', 'multipart/form-data');
  return headers;
}
