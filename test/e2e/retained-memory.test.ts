import { expect, it, onTestFinished } from 'vitest';
import { Portkey } from '../../src/portkey.ts';
import { head, healthy, open } from '../faults/bytes.ts';
import { type Answer, wireServer } from '../faults/wire-server.ts';
import { usedBytes } from '../support/used-bytes.ts';

type Chunks = AsyncIterable<unknown>;

const MiB = 1 << 20;
const atOnce = 10;

/** A client of one target that answers so, and what calls of it leave in use. */
async function setup(answer: Answer) {
  const server = await wireServer(answer);
  const portkey = new Portkey({ environment: {} });
  onTestFinished(async () => {
    await portkey.close();
    await server.close();
  });
  const config = { provider: 'openai', api_key: 'k', custom_host: `http://127.0.0.1:${server.port}/v1` };
  const body = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };
  const streamed = () => portkey.chat.completions.create({ ...body, stream: true }, { config });
  const whole = () => portkey.chat.completions.create(body, { config });
  const calls = async (count: number, call: () => Promise<unknown>) => {
    // Several at a time: small writes wait for each other's acknowledgement.
    for (let made = 0; made < count; made += atOnce) await Promise.all(Array.from({ length: atOnce }, call));
  };
  return {
    streamed,
    whole,
    /** `count` calls leave fewer bytes each, as soon as their connections are closed. */
    async expectLessLeft(bytes: number, count: number, call: () => Promise<unknown>): Promise<void> {
      await calls(count, call);
      const before = await usedBytes();
      await calls(count, call);
      await expect.poll(async () => ((await usedBytes()) - before) / count).toBeLessThan(bytes);
    },
  };
}

const readAll = async (stream: Chunks) => {
  for await (const _ of stream);
};
const leave = async (stream: Chunks) => {
  for await (const _ of stream) break;
};

it.each<[string, (stream: Chunks) => Promise<void>]>([
  ['is read to its end', readAll],
  ['its reader leaves', leave],
  ['its reader loses', async () => undefined],
])('keeps nothing but a log record of a stream that %s', async (_, read) => {
  const { streamed, expectLessLeft } = await setup(healthy);
  // The log keeps the last 1000 records: the first round fills it.
  await expectLessLeft(2_048, 1_000, async () => read(await streamed()));
});

/** Not by `rejects`: a test keeps the errors that it looked at so. */
async function failing(call: Promise<unknown>): Promise<void> {
  const message = await call.then(
    () => 'it went well',
    (error: unknown) => String(error),
  );
  if (!message.includes('xxxxx')) throw new Error(message);
}

const junk = Buffer.alloc(4 * MiB, 'x');

it.each<[string, Answer]>([
  [
    'a line of a stream that is not JSON',
    (socket) => {
      const wire = open(socket);
      wire.send('data: ');
      wire.send(junk);
      wire.end();
    },
  ],
  ['a page in place of a stream', page(200)],
  ['the page of an error', page(500)],
])('keeps no more of %s than its error shows', async (_, answer) => {
  const { streamed, expectLessLeft } = await setup(answer);
  await expectLessLeft(MiB / 4, 10, () => failing(streamed()));
});

it('keeps no more of a whole reply that is not JSON than its error shows', async () => {
  const { whole, expectLessLeft } = await setup(page(200));
  await expectLessLeft(MiB / 4, 10, () => failing(whole()));
});

/** A page with a very long title. */
function page(status: number): Answer {
  const body = Buffer.concat([Buffer.from('<title>'), junk, Buffer.from('</title>')]);
  return (socket) => {
    socket.write(head(status, { 'content-type': 'text/html', 'content-length': body.length }));
    socket.write(body);
  };
}
