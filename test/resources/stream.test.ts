import { inspect } from 'node:util';
import { Stream as OpenAIStream } from 'openai/streaming';
import { describe, expect, it } from 'vitest';
import { APIConnectionError } from '../../src/core/errors/connection-errors.ts';
import { Stream, streamOf } from '../../src/resources/stream.ts';
import { attempts, collect, fakeChunks, servedJson, servedStream } from './fakes.ts';

interface Numbered {
  readonly n: number;
}
const three = [{ n: 1 }, { n: 2 }, { n: 3 }];
const onlyOnce = /already being read.*tee\(\)/;

describe('a stream', () => {
  it('hands out every chunk', async () => {
    expect(await collect(streamOf<Numbered>(servedStream(fakeChunks(three))))).toEqual(three);
  });

  it('puts nothing between the reader and its source', () => {
    const chunks = fakeChunks(three);
    expect(streamOf(servedStream(chunks))[Symbol.asyncIterator]()).toBe(chunks);
  });

  it.each([
    ['break', () => undefined],
    ['throw', () => Promise.reject(new Error('mine'))],
  ])('closes the socket when the reader leaves by %s', async (_way, leave) => {
    const chunks = fakeChunks(three);
    const reading = (async () => {
      for await (const _ of streamOf<Numbered>(servedStream(chunks))) {
        await leave();
        break;
      }
    })();
    await reading.catch((error) => expect(error.message).toBe('mine'));
    expect(chunks.closed()).toBe(true);
    expect(chunks.asked()).toBe(1);
  });

  it('closes the socket at the end of `await using`, also unread', async () => {
    const chunks = fakeChunks(three);
    {
      await using _stream = streamOf<Numbered>(servedStream(chunks));
    }
    expect(chunks.closed()).toBe(true);
    expect(chunks.asked()).toBe(0);
  });

  it('throws what its source throws', async () => {
    const error = new APIConnectionError('reset');
    const stream = streamOf(servedStream(fakeChunks(three, { error })));
    await expect(collect(stream)).rejects.toBe(error);
  });

  it.each([
    ['two loops', (stream: Stream<Numbered>) => collect(stream)],
    ['a loop and tee()', async (stream: Stream<Numbered>) => stream.tee()],
    ['a loop and toReadableStream()', async (stream: Stream<Numbered>) => stream.toReadableStream()],
    ['two streams over one reply', (_: Stream<Numbered>, again: Stream<Numbered>) => collect(again)],
  ])('is read once: %s are refused', async (_name, again) => {
    const reply = servedStream(fakeChunks(three));
    const stream = streamOf<Numbered>(reply);
    await collect(stream);
    await expect(async () => again(stream, streamOf<Numbered>(reply))).rejects.toThrow(onlyOnce);
  });

  it('refuses to be made of a whole reply', () => {
    expect(() => streamOf(servedJson({}))).toThrow('A reply of kind "json" is not a stream.');
  });

  it("tells Portkey's headers without their prefix, and the attempts", () => {
    const stream = streamOf(servedStream(fakeChunks([])));
    expect(stream.getHeaders()).toEqual({
      'trace-id': 't1',
      'cache-status': 'MISS',
      'last-used-option-index': 'config.targets[1]',
      'retry-attempt-count': '0',
      provider: 'groq',
    });
    expect(stream.attempts).toBe(attempts);
  });
});

describe('controller.abort()', () => {
  it('ends the loop without an error and closes the socket', async () => {
    const chunks = fakeChunks(three, { hang: true });
    const stream = streamOf<Numbered>(servedStream(chunks));
    const seen: number[] = [];
    for await (const { n } of stream) {
      seen.push(n);
      if (n === 3) queueMicrotask(() => stream.controller.abort());
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(chunks.closed()).toBe(true);
  });

  it('closes the socket of an unread stream', () => {
    const chunks = fakeChunks(three);
    streamOf(servedStream(chunks)).controller.abort();
    expect(chunks.closed()).toBe(true);
  });

  it('is made for those who look at it only', () => {
    let made = 0;
    const reply = servedStream(fakeChunks([]));
    const stream = streamOf({
      ...reply,
      get controller() {
        made += 1;
        return new AbortController();
      },
    });
    expect(made).toBe(0);
    expect(stream.controller).toBe(stream.controller);
    expect(made).toBe(1);
  });

  it('called before a readable stream is read cancels it', async () => {
    const controller = new AbortController();
    controller.abort();
    const cancelled = Promise.withResolvers<void>();
    const stream = Stream.fromReadableStream(new ReadableStream({ cancel: () => cancelled.resolve() }), controller);
    await cancelled.promise;
    expect(await collect(stream)).toEqual([]);
  });

  it('ends both branches of a tee', async () => {
    const stream = streamOf<Numbered>(servedStream(fakeChunks([], { hang: true })));
    const [left, right] = stream.tee();
    const reading = Promise.all([collect(left), collect(right)]);
    right.controller.abort();
    expect(await reading).toEqual([[], []]);
  });
});

type Teeable = AsyncIterable<Numbered> & { tee(): [Teeable, Teeable] };

describe.each<[string, (chunks: ReturnType<typeof fakeChunks>) => Teeable]>([
  ['ours', (chunks) => streamOf<Numbered>(servedStream(chunks))],
  [
    "the openai package's",
    (chunks) =>
      new OpenAIStream(() => chunks as AsyncIterator<unknown> as AsyncIterator<Numbered>, new AbortController()),
  ],
])('tee(), %s', (_whose, make) => {
  it('gives both readers every chunk, read one after the other or together', async () => {
    const [left, right] = make(fakeChunks(three)).tee();
    expect(await collect(left)).toEqual(three);
    expect(await collect(right)).toEqual(three);
    const [one, two] = make(fakeChunks(three)).tee();
    expect(await Promise.all([collect(one), collect(two)])).toEqual([three, three]);
  });

  it('asks the source as the faster reader does', async () => {
    const chunks = fakeChunks(three);
    const [left, right] = make(chunks).tee();
    const fast = left[Symbol.asyncIterator]();
    const slow = right[Symbol.asyncIterator]();
    await fast.next();
    await fast.next();
    expect(chunks.asked()).toBe(2);
    await slow.next();
    expect(chunks.asked()).toBe(2);
  });

  it('throws a failure into both', async () => {
    const error = new Error('reset');
    const [left, right] = make(fakeChunks(three, { error })).tee();
    await expect(collect(left)).rejects.toBe(error);
    await expect(collect(right)).rejects.toBe(error);
  });

  it('lets one go on when the other leaves, and closes the socket when both have', async () => {
    const chunks = fakeChunks(three);
    const [left, right] = make(chunks).tee();
    for await (const _ of left) break;
    expect(chunks.closed()).toBe(false);
    const rest: number[] = [];
    for await (const { n } of right) {
      rest.push(n);
      if (n === 2) break;
    }
    expect(rest).toEqual([1, 2]);
    expect(chunks.closed()).toBe(true);
  });

  it('hands nothing more to a reader that left', async () => {
    const [left] = make(fakeChunks(three)).tee();
    const reader = left[Symbol.asyncIterator]();
    await reader.return?.();
    await reader.return?.();
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });
});

describe('toReadableStream()', () => {
  const unicode = [{ text: '日本🎉' }, { text: 'line\nand \u2028 separator' }, { text: '' }];

  it.each<[string, (readable: ReadableStream) => AsyncIterable<unknown>]>([
    ['ours', (readable) => Stream.fromReadableStream(readable, new AbortController())],
    ["the openai package's", (readable) => OpenAIStream.fromReadableStream(readable, new AbortController())],
  ])('is read back by %s', async (_whose, read) => {
    expect(await collect(read(streamOf(servedStream(fakeChunks(unicode))).toReadableStream()))).toEqual(unicode);
  });

  it("writes the same bytes as the openai package's", async () => {
    const ours = streamOf(servedStream(fakeChunks(unicode))).toReadableStream();
    const theirs = new OpenAIStream(() => fakeChunks(unicode), new AbortController()).toReadableStream();
    expect(await new Response(ours).text()).toBe(await new Response(theirs as ReadableStream).text());
  });

  it('reads as it is read, and closes the socket when it is cancelled', async () => {
    const chunks = fakeChunks(three);
    const reader = streamOf(servedStream(chunks)).toReadableStream().getReader();
    expect(chunks.asked()).toBe(0);
    await reader.read();
    expect(chunks.asked()).toBe(1);
    await reader.cancel();
    expect(chunks.closed()).toBe(true);
  });

  it('fails with what its source throws', async () => {
    const error = new APIConnectionError('reset');
    const readable = streamOf(servedStream(fakeChunks([], { error }))).toReadableStream();
    await expect(readable.getReader().read()).rejects.toBe(error);
  });
});

describe('fromReadableStream()', () => {
  const readableOf = <Part>(parts: Part[]) =>
    new ReadableStream<Part>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });
  const bytes = new TextEncoder().encode('{"text":"日本🎉"}\r\n\n{"n":2}\n{"n":3}');

  it.each([1, 2, 3, 7, 64])(
    'reads lines and characters split every %i bytes, and a last line without an end',
    async (size) => {
      const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      const stream = Stream.fromReadableStream(readableOf(parts), new AbortController());
      expect(await collect(stream)).toEqual([{ text: '日本🎉' }, { n: 2 }, { n: 3 }]);
    },
  );

  it.each(['leaving', 'aborting'])('cancels the readable on %s, with half a line under way', async (way) => {
    let cancelled = false;
    const readable = new ReadableStream<string>({
      start: (controller) => controller.enqueue('{"n":1}\n{"n":'),
      cancel: () => {
        cancelled = true;
      },
    });
    const stream = Stream.fromReadableStream<Numbered>(readable, new AbortController());
    const seen: Numbered[] = [];
    for await (const item of stream) {
      seen.push(item);
      if (way === 'leaving') break;
      queueMicrotask(() => stream.controller.abort());
    }
    expect(seen).toEqual([{ n: 1 }]);
    expect(cancelled).toBe(true);
  });

  it('names the line that is not JSON, and says nothing of what stands in it', async () => {
    const lines = ['{"n":1}\n\n{"api_key": "sk-secret"', ' "n": 2}\n'];
    const stream = Stream.fromReadableStream(readableOf(lines), new AbortController());
    const error = await collect(stream).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'Line 3 of the stream is not JSON: unexpected token at position 24.' });
    expect(inspect(error, { depth: 9 })).not.toContain('sk-secret');
  });
});
