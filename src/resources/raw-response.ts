import { APIUserAbortError } from '../core/errors/connection-errors.ts';
import { PortkeyError } from '../core/errors/portkey-error.ts';
import { isJsonObject } from '../core/json.ts';
import type { HeaderMap } from '../core/reply.ts';
import type { ServedReply } from './served-reply.ts';
import { claim } from './stream.ts';
import type { StreamSource } from './stream-source.ts';

/**
 * A served reply as an unread web `Response`: the provider's headers and ours, and as body the reply's JSON, its bytes,
 * or its chunks as server-sent events. A stream is read as the body is; after `controller.abort()` the body fails with
 * `APIUserAbortError`.
 */
export function rawResponse(served: ServedReply): Response {
  const { body } = served.reply;
  if (body.kind === 'stream') return response(served, eventStream(claim(body.chunks), served.controller.signal));
  return response(served, body.kind === 'json' ? JSON.stringify(body.value) : new Uint8Array(body.bytes));
}

/** The same beside a value handed out already: its JSON is written only when the body is read, its chunks are not to be had. */
export function companionResponse(served: ServedReply): Response {
  return response(served, lazyBody(served));
}

const bodyless: readonly number[] = [204, 205];
const describesOldBody = ['content-length', 'content-encoding', 'transfer-encoding'];
const contentType = { json: 'application/json', stream: 'text/event-stream; charset=utf-8' };

function response(served: ServedReply, body: BodyInit): Response {
  const { reply } = served;
  const headers = new Headers(
    asHeaderValues({ ...reply.headers, ...served.headers, 'x-portkey-request-id': served.requestId }),
  );
  for (const name of describesOldBody) headers.delete(name);
  if (reply.body.kind !== 'bytes') headers.set('content-type', contentType[reply.body.kind]);
  const made = new Response(bodyless.includes(reply.status) ? null : body, { status: reply.status, headers });
  return Object.defineProperty(made, 'url', { value: served.url ?? '' });
}

/** A trace ID may hold any text, a header only Latin-1: what is beyond is percent-encoded. */
function asHeaderValues(values: HeaderMap): HeaderMap {
  const entries = Object.entries(values).map(([name, value]) => [name, toLatin(value)]);
  return Object.fromEntries(entries);
}

function toLatin(text: string): string {
  return text.replaceAll(/[\u0100-\u{10ffff}]+/gu, (beyond) => encodeURIComponent(beyond));
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

/** Chunks as server-sent events (WHATWG HTML, 9.2), framed as OpenAI frames the endpoint they come from. */
function eventStream(chunks: StreamSource<unknown>, signal: AbortSignal): ReadableStream<Uint8Array> {
  let named = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const fail = () => {
          controller.error(new APIUserAbortError());
          chunks.return().catch(() => undefined);
        };
        if (signal.aborted) fail();
        else signal.addEventListener('abort', fail, { once: true });
      },
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (signal.aborted) return;
        if (!done) {
          const name = eventName(value);
          named ||= name !== undefined;
          return controller.enqueue(
            utf8(`${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(value)}\n\n`),
          );
        }
        if (!named) controller.enqueue(utf8('data: [DONE]\n\n'));
        controller.close();
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Responses and Messages name their events after the chunk's `type` and send no `[DONE]`; chat chunks have no type. */
function eventName(chunk: unknown): string | undefined {
  return isJsonObject(chunk) && typeof chunk['type'] === 'string' ? chunk['type'] : undefined;
}

const encoder = new TextEncoder();

function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
