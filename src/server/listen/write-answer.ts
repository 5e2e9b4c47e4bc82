import type { ServerResponse } from 'node:http';
import type { HttpAnswer } from '../../resources/http/index.ts';
import type { StreamSource } from '../../resources/stream-source.ts';
import type { OnEnd } from '../server-env.ts';

// RFC 9110, sections 15.3.5 and 15.4.5: no body, and no length of one.
const bodyless: ReadonlySet<number> = new Set([204, 304]);

/** Characters that are joined at most. */
const longestChunk = 16_384;

/**
 * Writes `answer` to a response of Node's, without a web `Response` and its streams between them. Events go out as fast as the caller
 * reads them; when the caller leaves, their source is ended.
 */
export function writeAnswer(outgoing: ServerResponse, { status, headers, body }: HttpAnswer, onEnd: OnEnd): void {
  outgoing.once('close', () => onEnd(outgoing.writableFinished ? 'success' : 'aborted'));
  if (body.kind === 'events') {
    outgoing.writeHead(status, headers);
    pump(body.events, outgoing);
    return;
  }
  if (bodyless.has(status)) {
    outgoing.writeHead(status, headers);
    outgoing.end();
    return;
  }
  // Node joins a text with the head into one write; bytes would be a second one.
  const whole = body.kind === 'text' ? body.text : body.bytes;
  outgoing.writeHead(status, Object.assign(headers, { 'content-length': Buffer.byteLength(whole) }));
  outgoing.end(whole);
}

async function pump(events: StreamSource<string>, outgoing: ServerResponse): Promise<void> {
  const leave = () => events.return().catch(() => undefined);
  outgoing.once('close', leave);
  if (outgoing.destroyed) return void leave();
  const writer = joining(outgoing);
  try {
    for (let event = await events.next(); !event.done; event = await events.next()) {
      writer.write(event.value);
      if (outgoing.writableNeedDrain && !outgoing.destroyed) await drained(outgoing);
      if (outgoing.destroyed) return;
    }
    writer.end();
  } catch {
    // The caller left: its signal ended the events.
    outgoing.destroy();
  }
}

/** Events that are there at once go out as one chunk: each chunk costs a length, a line end and its part of a system call. */
function joining(outgoing: ServerResponse) {
  let text = '';
  function flush(): void {
    if (text === '' || outgoing.destroyed) return;
    outgoing.write(text);
    text = '';
  }
  return {
    write(event: string): void {
      // Ticks come after all promises that are settled by now.
      if (text === '') process.nextTick(flush);
      text += event;
      if (text.length >= longestChunk) flush();
    },
    end(): void {
      outgoing.end(text);
      text = '';
    },
  };
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      outgoing.off('drain', go).off('close', go);
      resolve();
    };
    outgoing.on('drain', go).on('close', go);
  });
}
