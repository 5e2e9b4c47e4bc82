import { createParser } from 'eventsource-parser';
import { defaultMaxEventSize, type Framing, oversized } from './framing.ts';
import { createUtf8Reader } from './utf8-reader.ts';

/**
 * Server-sent events. Comments, `id` and `retry` are dropped; an event without its blank line at the end is handed out, because real
 * providers leave that out. Source: HTML standard, "Server-sent events".
 */
export const sse: Framing = (onEvent, { maxEventSize = defaultMaxEventSize } = {}) => {
  const utf8 = createUtf8Reader();
  let overflown = false;
  const parser = createParser({
    onEvent,
    maxBufferSize: maxEventSize,
    onError(error) {
      overflown ||= error.type === 'max-buffer-size-exceeded';
    },
  });
  return {
    feed: (chunk) => feed(utf8.read(chunk)),
    end: () => feed(`${utf8.end()}\n\n`),
  };

  function feed(text: string): void {
    parser.feed(text);
    if (overflown) throw oversized(maxEventSize, text);
  }
};
