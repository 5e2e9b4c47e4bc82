import { eventBody } from '../event-body.ts';
import type { AnswerBody, HttpAnswer } from './answer.ts';

const bodyless: ReadonlySet<number> = new Set([204, 205, 304]);

/** An answer as an unread web `Response`; its events are taken as the body is read, and end when it is cancelled. */
export function toResponse({ status, headers, body }: HttpAnswer): Response {
  return new Response(bodyless.has(status) ? null : bodyInit(body), { status, headers });
}

function bodyInit(body: AnswerBody): BodyInit {
  if (body.kind === 'text') return body.text;
  return body.kind === 'bytes' ? new Uint8Array(body.bytes) : eventBody(body.events);
}
