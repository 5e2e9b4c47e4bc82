import { isJsonObject } from '../core/json.ts';
import { ended, type StreamSource } from './stream-source.ts';

/**
 * The event that tells the reader of a failure, in place of which the events then end; undefined lets `next()` reject with it.
 * `named`: did the events before have names?
 */
export type ToErrorEvent = (error: unknown, named: boolean) => object | undefined;

/**
 * Chunks as the texts of server-sent events (WHATWG HTML, 9.2), framed as OpenAI frames the endpoint they come from: `[DONE]` at the
 * end of chunks without names. A chunk is taken from the source only when the next text is asked for.
 */
export function eventTexts(chunks: StreamSource<unknown>, toErrorEvent?: ToErrorEvent): StreamSource<string> {
  let named = false;
  let isOver = false;
  function frame(chunk: unknown): string {
    const name = eventName(chunk);
    named ||= name !== undefined;
    return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(chunk)}\n\n`;
  }
  return {
    async next() {
      if (isOver) return ended;
      try {
        const { done, value } = await chunks.next();
        if (!done) return { done: false, value: frame(value) };
        isOver = true;
        return named ? ended : { done: false, value: 'data: [DONE]\n\n' };
      } catch (error) {
        isOver = true;
        const told = toErrorEvent?.(error, named);
        if (told === undefined) throw error;
        return { done: false, value: frame(told) };
      }
    },
    async return() {
      isOver = true;
      await chunks.return();
      return ended;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Responses and Messages name their events after the chunk's `type` and send no `[DONE]`; chat chunks have no type. */
function eventName(chunk: unknown): string | undefined {
  return isJsonObject(chunk) && typeof chunk['type'] === 'string' ? chunk['type'] : undefined;
}
