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
  function frame(chunk: unknown, text?: string): string {
    const name = eventName(chunk);
    named ||= name !== undefined;
    return `${name === undefined ? '' : `event: ${name}\n`}data: ${text ?? JSON.stringify(chunk)}\n\n`;
  }
  return {
    async next() {
      if (isOver) return ended;
      try {
        const { done, value, text }: TextedResult = await chunks.next();
        if (!done) return { done: false, value: frame(value, text) };
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

/** A chunk that comes with its JSON need not be written anew. */
interface TextedResult {
  readonly done?: boolean | undefined;
  readonly value: unknown;
  readonly text?: string | undefined;
}

/** Responses and Messages name their events after the chunk's `type` and send no `[DONE]`; chat chunks have no type. */
function eventName(chunk: unknown): string | undefined {
  return isJsonObject(chunk) && typeof chunk['type'] === 'string' ? chunk['type'] : undefined;
}
