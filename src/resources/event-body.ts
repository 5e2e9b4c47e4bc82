import { APIUserAbortError } from '../core/errors/connection-errors.ts';
import type { StreamSource } from './stream-source.ts';

const encoder = new TextEncoder();

/** Texts as a body: each is taken when the reader asks for it; cancelling the body ends the source, and so does `signal`, with `APIUserAbortError`. */
export function eventBody(texts: StreamSource<string>, signal?: AbortSignal): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const fail = () => {
          controller.error(new APIUserAbortError());
          texts.return().catch(() => undefined);
        };
        if (signal?.aborted) fail();
        else signal?.addEventListener('abort', fail, { once: true });
      },
      async pull(controller) {
        const { done, value } = await texts.next();
        if (signal?.aborted) return;
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await texts.return();
      },
    },
    { highWaterMark: 0 },
  );
}
