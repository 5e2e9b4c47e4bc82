import { APIConnectionError } from '../../core/errors/index.ts';
import type { HttpRequest, HttpResponse } from '../../core/transport.ts';
import { type Outgoing, toOutgoing } from './outgoing.ts';

/** As many redirects as `fetch` follows. Source: Fetch standard, "HTTP-redirect fetch", as the statuses and methods below. */
export const maxRedirects = 20;

const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

/** Does `response` send its reader elsewhere? */
export function isRedirect(response: HttpResponse): boolean {
  return redirectStatuses.includes(response.status) && response.headers['location'] !== undefined;
}

/**
 * The request that a redirect asks for. After 303, and after 301 and 302 to a POST, it is a GET without body; 307 and 308 repeat method
 * and body. Another origin never gets a header that may hold a secret. Throws `APIConnectionError` for an address nobody can follow.
 */
export function redirected(outgoing: Outgoing, response: HttpResponse): Outgoing {
  const next = targetOf(outgoing, response.headers['location'] ?? '');
  const asGet = becomesGet(response.status, outgoing.method);
  const sameOrigin = next.address.origin === outgoing.address.origin;
  const kept = Object.entries(outgoing.request.headers).filter(
    ([name]) => !(asGet && describesBody.test(name)) && (sameOrigin || !staysHome.test(name)),
  );
  const { body } = outgoing.request;
  const request: HttpRequest = {
    method: asGet ? 'GET' : outgoing.method,
    url: next.request.url,
    headers: Object.fromEntries(kept),
    ...(asGet || body === undefined ? {} : { body }),
  };
  return { ...next, request, method: request.method };
}

// `Authorization`, `Cookie` and `Host` stay where they were meant for, and so does what providers and gateways carry keys in:
// `api-key`, `x-api-key`, `x-goog-api-key`, `x-amz-security-token`, …
const staysHome = /^host$|auth|cookie|key|token|secret|credential|signature/i;
const describesBody = /^content-/i;

function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'HEAD';
  return status <= 302 && method === 'POST';
}

function targetOf(outgoing: Outgoing, location: string): Outgoing {
  const base = outgoing.request.url;
  if (!URL.canParse(location, base)) throw lost(outgoing);
  try {
    return toOutgoing({ ...outgoing.request, url: new URL(location, base).href }, outgoing.signal);
  } catch (error) {
    throw lost(outgoing, error);
  }
}

function lost(outgoing: Outgoing, cause?: unknown): APIConnectionError {
  return new APIConnectionError(
    `${outgoing.method} ${outgoing.address.host}: redirected to something that is no address of an HTTP server`,
    cause,
  );
}
