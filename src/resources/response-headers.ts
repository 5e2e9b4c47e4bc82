import type { HeaderMap } from '../core/reply.ts';
import type { ServedReply } from './served-reply.ts';

/**
 * The provider's headers and ours, for the reply as it is handed out: decoded, whole, its content type of its kind. `isLeftOut` says
 * which of the provider's are not handed on beside those that described its body.
 */
export function responseHeaders(
  { reply, headers: own, requestId }: ServedReply,
  isLeftOut: (name: string) => boolean = describesOldBody,
): Record<string, string> {
  const headers: Record<string, string> = {};
  // A loop, and no copies in between: a server does this for every request. What came in a header fits into one.
  for (const name in reply.headers) if (!isLeftOut(name)) headers[name] = reply.headers[name] ?? '';
  for (const name in own) headers[name] = toLatin(own[name] ?? '');
  headers['x-portkey-request-id'] = requestId;
  if (reply.body.kind !== 'bytes') headers['content-type'] = contentTypes[reply.body.kind];
  return headers;
}

const contentTypes = { json: 'application/json', stream: 'text/event-stream; charset=utf-8' };

/** Does this header of a provider tell about its body as it was sent? */
export function describesOldBody(name: string): boolean {
  return name === 'content-length' || name === 'content-encoding' || name === 'transfer-encoding';
}

/** Headers for another body. A trace ID may hold any text, a header only Latin-1: what is beyond is percent-encoded. */
export function toHeaderValues(values: HeaderMap): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (!describesOldBody(name)) headers[name] = toLatin(value);
  return headers;
}

const beyondLatin = /[\u0100-\uffff]/;

function toLatin(text: string): string {
  if (!beyondLatin.test(text)) return text;
  return text.replaceAll(/[\u0100-\u{10ffff}]+/gu, (beyond) => encodeURIComponent(beyond));
}
