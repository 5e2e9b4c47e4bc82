import { expect, it } from 'vitest';
import type { Portkey } from '../../src/index.ts';
import { until } from '../providers/transport/servers.ts';
import { helloStream, simulated, textOf } from '../support/simulated.ts';

const simulator = simulated();

/** A client whose stream brings one word and then waits with the socket open. */
function stalling(): { readonly portkey: Portkey; readonly log: string[] } {
  simulator.behave('openai', { text: 'one two three', stallAfterChunks: 2 });
  const log: string[] = [];
  const portkey = simulator
    .client(simulator.target('openai'))
    .on('attempt-end', ({ attempt }) => log.push(`attempt ${attempt.outcome}`))
    .on('request-end', ({ outcome }) => log.push(`request ${outcome.result}`));
  return { portkey, log };
}

const settled = ['attempt aborted', 'request aborted'];

/** The simulator has seen the socket close before the reply was complete. */
function isClosed(): boolean {
  return simulator.requests('openai').every((request) => request.aborted);
}

it.each<[string, (stream: AsyncIterable<unknown>) => PromiseLike<unknown>]>([
  [
    'leaves the loop by break',
    async (stream) => {
      for await (const _ of stream) break;
    },
  ],
  [
    'leaves the loop by throwing',
    async (stream) => {
      try {
        for await (const _ of stream) throw new Error('enough');
      } catch {}
    },
  ],
  ['drops the stream unread with return()', (stream) => stream[Symbol.asyncIterator]().return?.() ?? Promise.reject()],
  ['disposes of it', (stream) => (stream as AsyncIterable<unknown> & AsyncDisposable)[Symbol.asyncDispose]()],
])('closes the socket and settles as aborted when the reader %s', async (_, leave) => {
  const { portkey, log } = stalling();
  const stream = await portkey.chat.completions.create(helloStream);
  expect(log).toEqual([]);
  await leave(stream);
  expect(log).toEqual(settled);
  await until(isClosed);
  expect(log).toEqual(settled);
});

it('ends the loop without an error after controller.abort()', async () => {
  const { portkey, log } = stalling();
  const stream = await portkey.chat.completions.create(helloStream);
  const words: unknown[] = [];
  for await (const chunk of stream) {
    words.push(chunk);
    stream.controller.abort();
  }
  expect(words.length).toBeGreaterThan(0);
  expect(log).toEqual(settled);
  await until(isClosed);
});

it('closes the socket when both branches of a tee have left, not before', async () => {
  const { portkey, log } = stalling();
  const [left, right] = (await portkey.chat.completions.create(helloStream)).tee();
  for await (const _ of left) break;
  expect(log).toEqual([]);
  for await (const _ of right) break;
  expect(log).toEqual(settled);
  await until(isClosed);
});

it('closes the socket when a readable stream made of it is cancelled', async () => {
  const { portkey, log } = stalling();
  const reader = (await portkey.chat.completions.create(helloStream)).toReadableStream().getReader();
  await reader.read();
  await reader.cancel();
  expect(log).toEqual(settled);
  await until(isClosed);
});

it('closes the socket when the body of a raw response is cancelled', async () => {
  const { portkey, log } = stalling();
  const response = await portkey.chat.completions.create(helloStream).asResponse();
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(log).toEqual(settled);
  await until(isClosed);
});

const oddities = [
  ['comments', { comments: true }],
  ['CR LF', { crlf: true }],
  ['single bytes, characters split', { splitBytes: 1 }],
  ['three bytes at a time', { splitBytes: 3 }],
  ['compression', { gzip: true }],
  ['all of it', { comments: true, crlf: true, splitBytes: 2, gzip: true }],
  ['no end marker', { noDone: true }],
] as const;

it.each(
  ['openai', 'anthropic', 'google', 'cohere'].flatMap((provider) =>
    oddities
      // Anthropic's end marker is its finish: without it the stream is cut short.
      .filter(([name]) => name !== 'no end marker' || provider === 'openai')
      .map(([name, behaviour]) => [provider, name, behaviour] as const),
  ),
)('reads the stream of %s with %s', async (...[provider, , behaviour]) => {
  const text = 'Ein naïver 🙂 Text — 東京, "quoted"\nund\u2028Zeilen.';
  simulator.behave(provider, { text, ...behaviour });
  const portkey = simulator.client(simulator.target(provider));
  const stream = await portkey.chat.completions.create({ ...helloStream, max_tokens: 100 });
  expect(await textOf(stream)).toBe(text);
  expect(simulator.requests(provider).map((request) => request.aborted)).toEqual([false]);
});
