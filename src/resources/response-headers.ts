import type { HeaderMap } from '../core/reply.ts';
import type { ServedReply } from './served-reply.ts';

/** The provider's headers and ours, for the reply as it is handed out: decoded, whole, its content type of its kind. */
export function responseHeaders(served: ServedReply): Record<string, string> {
  const { reply, requestId } = served;
  const headers = toHeaderValues({ ...reply.headers, ...served.headers, 'x-portkey-request-id': requestId });
  if (reply.body.kind !== 'bytes') headers['content-type'] = contentTypes[reply.body.kind];
  return headers;
}

const contentTypes = { json: 'application/json', stream: 'text/event-stream; charset=utf-8' };

/** A provider's headers for another body. A trace ID may hold any text, a header only Latin-1: what is beyond is percent-encoded. */
export function toHeaderValues(values: HeaderMap): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (!describesOldBody.has(name)) headers[name] = toLatin(value);
  }
  return headers;
}

const describesOldBody: ReadonlySet<string> = new Set(['content-length', 'content-encoding', 'transfer-encoding']);

function toLatin(text: string): string {
  return text.replaceAll(/[\u0100-\u{10ffff}]+/gu, (beyond) => encodeURIComponent(beyond));
}
