import { jsonMistake } from '../config/by-id/json-mistake.ts';
import { PortkeyError } from '../core/errors/portkey-error.ts';
import { ended, type StreamSource } from './stream-source.ts';

/** Newline-delimited JSON as UTF-8 bytes, one item a line. `source` is read as the bytes are asked for. */
export function toJsonLines<Item>(source: StreamSource<Item>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await source.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      },
      async cancel() {
        await source.return();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * The items of newline-delimited JSON, given as bytes or text. Lines and characters may be split anywhere; empty lines are skipped. Rejects
 * with the number of a line that is not JSON; what stands in it is nobody's business.
 */
export function fromJsonLines<Item>(readable: ReadableStream<Uint8Array | string>): StreamSource<Item> {
  const reader = readable.getReader();
  const split = lineSplitter();
  let lines: string[] = [];
  let read = 0;
  let open = true;

  async function fill(): Promise<void> {
    const { done, value } = await reader.read();
    if (!open) return;
    open = !done;
    lines = lines.concat(done ? split.rest() : split.push(value));
  }

  return {
    async next() {
      for (;;) {
        while (open && lines.length === 0) await fill();
        const line = lines.shift();
        if (line === undefined) return ended;
        read++;
        if (line.trim() !== '') return { done: false, value: parseLine(line, read) as Item };
      }
    },
    async return() {
      open = false;
      lines = [];
      await reader.cancel();
      return ended;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function lineSplitter() {
  const decoder = new TextDecoder();
  let begun = '';
  const cut = (text: string): string[] => {
    const lines = (begun + text).split('\n');
    begun = lines.pop() ?? '';
    return lines;
  };
  return {
    push: (chunk: Uint8Array | string) =>
      cut(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })),
    rest: () => cut(`${decoder.decode()}\n`),
  };
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    const { what, position } = jsonMistake(line) ?? { what: 'unexpected token', position: line.length };
    throw new PortkeyError('unreadable', `Line ${number} of the stream is not JSON: ${what} at position ${position}.`);
  }
}
