import { PortkeyError } from '../core/errors/portkey-error.ts';
import { eventBody } from './event-body.ts';
import { eventTexts } from './event-texts.ts';
import { responseHeaders } from './response-headers.ts';
import type { ServedReply } from './served-reply.ts';
import { claim } from './stream.ts';

/**
 * A served reply as an unread web `Response`: the provider's headers and ours, and as body the reply's JSON, its bytes,
 * or its chunks as server-sent events. A stream is read as the body is; after `controller.abort()` the body fails with
 * `APIUserAbortError`.
 */
export function rawResponse(served: ServedReply): Response {
  const { body } = served.reply;
  if (body.kind === 'stream')
    return response(served, eventBody(eventTexts(claim(body.chunks)), served.controller.signal));
  return response(served, body.kind === 'json' ? JSON.stringify(body.value) : new Uint8Array(body.bytes));
}

/** The same beside a value handed out already: its JSON is written only when the body is read, its chunks are not to be had. */
export function companionResponse(served: ServedReply): Response {
  return response(served, lazyBody(served));
}

const bodyless: readonly number[] = [204, 205];
function response(served: ServedReply, body: BodyInit): Response {
  const { reply } = served;
  const headers = new Headers(responseHeaders(served));
  const made = new Response(bodyless.includes(reply.status) ? null : body, { status: reply.status, headers });
  return Object.defineProperty(made, 'url', { value: served.url ?? '' });
}

function lazyBody({ reply: { body } }: ServedReply): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (body.kind === 'stream') {
          const message = 'The body of this response is handed out as `data`. To read it yourself, use asResponse().';
          return controller.error(new PortkeyError('invalid_request', message));
        }
        controller.enqueue(body.kind === 'json' ? utf8(JSON.stringify(body.value)) : body.bytes);
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

const encoder = new TextEncoder();

function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
