import v8 from 'node:v8';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { APIConnectionError, APIUserAbortError } from '../../../src/core/errors/index.ts';
import { createChunkStream } from '../../../src/providers/transport/chunk-stream.ts';
import { until } from './servers.ts';

const broken = new APIConnectionError('the wire broke');
const left = new APIUserAbortError();

/** A stream whose source writes down what it is told. */
function setup(highWaterMark?: number) {
  const told: unknown[] = [];
  const pipe = createChunkStream({
    pause: () => told.push('pause'),
    resume: () => told.push('resume'),
    close: () => told.push('close'),
    onSettle: (result, error) => told.push(error === undefined ? [result] : [result, error]),
    ...(highWaterMark === undefined ? {} : { highWaterMark }),
  });
  return { stream: pipe.open(), producer: pipe.producer, told };
}

const chunk = (n: number) => ({ done: false, value: { n } });
const done = { done: true, value: undefined };

describe('a chunk stream', () => {
  it('gives chunks in order, whether they came before or after they were asked for', async () => {
    const { stream, producer, told } = setup();
    producer.push({ n: 1 });
    producer.push({ n: 2 });
    expect(await stream.next()).toEqual(chunk(1));
    expect(await stream.next()).toEqual(chunk(2));
    const third = stream.next();
    producer.push({ n: 3 });
    expect(await third).toEqual(chunk(3));
    producer.end();
    expect(await stream.next()).toEqual(done);
    expect(told).toEqual([['success']]);
  });

  it('answers a waiting chunk without waiting', async () => {
    const { stream, producer } = setup();
    producer.push({ n: 1 });
    const order: string[] = [];
    const read = stream.next().then(() => order.push('chunk'));
    const tick = Promise.resolve().then(() => order.push('tick'));
    await Promise.all([read, tick]);
    expect(order).toEqual(['chunk', 'tick']);
  });

  it('is read with for await', async () => {
    const { stream, producer, told } = setup();
    for (const n of [1, 2, 3]) producer.push({ n });
    producer.end();
    const read: unknown[] = [];
    for await (const value of stream) read.push(value);
    expect(read).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(told).toEqual([['success']]);
  });

  it('answers several reads at a time in order', async () => {
    const { stream, producer } = setup();
    const reads = Promise.all([stream.next(), stream.next(), stream.next(), stream.next()]);
    producer.push({ n: 1 });
    producer.push({ n: 2 });
    producer.end();
    expect(await reads).toEqual([chunk(1), chunk(2), done, done]);
  });

  it('keeps saying that it is over', async () => {
    const { stream, producer, told } = setup();
    producer.end();
    expect([await stream.next(), await stream.next(), await stream.return(), await stream.next()]).toEqual([
      done,
      done,
      done,
      done,
    ]);
    expect(told).toEqual([['success']]);
  });

  it('settles when the last chunk has come, whether it was read yet or not', async () => {
    const { stream, producer, told } = setup();
    producer.push({ n: 1 });
    expect(told).toEqual([]);
    producer.end();
    expect(told).toEqual([['success']]);
    expect(await stream.next()).toEqual({ done: false, value: { n: 1 } });
    expect(told).toEqual([['success']]);
  });

  it('pauses its source at 64 unread chunks and resumes it below half of them', async () => {
    const { stream, producer, told } = setup();
    for (let n = 0; n < 63; n++) producer.push({ n });
    expect(told).toEqual([]);
    producer.push({ n: 63 });
    producer.push({ n: 64 });
    expect(told).toEqual(['pause']);
    for (let read = 0; read < 33; read++) await stream.next();
    expect(told).toEqual(['pause']);
    await stream.next();
    expect(told).toEqual(['pause', 'resume']);
    for (let n = 0; n < 40; n++) producer.push({ n });
    expect(told).toEqual(['pause', 'resume', 'pause']);
  });

  it('takes another high-water mark', async () => {
    const { stream, producer, told } = setup(1);
    producer.push({ n: 1 });
    expect(told).toEqual(['pause']);
    await stream.next();
    expect(told).toEqual(['pause', 'resume']);
  });

  it('does not resume a source that has ended', async () => {
    const { stream, producer, told } = setup(2);
    producer.push({ n: 1 });
    producer.push({ n: 2 });
    producer.end();
    await stream.next();
    await stream.next();
    expect(told).toEqual(['pause', ['success']]);
  });

  it('takes what its source pushes while it is resumed in order', async () => {
    const pipe = createChunkStream({
      pause: () => undefined,
      resume: () => pipe.producer.push({ n: 3 }),
      close: () => undefined,
      onSettle: () => undefined,
      highWaterMark: 2,
    });
    const stream = pipe.open();
    pipe.producer.push({ n: 1 });
    pipe.producer.push({ n: 2 });
    expect([await stream.next(), await stream.next(), await stream.next()]).toEqual([chunk(1), chunk(2), chunk(3)]);
  });

  it('shows a failure once, after the chunks that came before it, and settles at once', async () => {
    const { stream, producer, told } = setup();
    producer.push({ n: 1 });
    producer.fail(broken);
    expect(told).toEqual([['failure', broken]]);
    expect(await stream.next()).toEqual(chunk(1));
    await expect(stream.next()).rejects.toBe(broken);
    expect(await stream.next()).toEqual(done);
    expect(told).toEqual([['failure', broken]]);
  });

  it('shows a failure to the first of those who wait', async () => {
    const { stream, producer } = setup();
    const [first, second] = [stream.next(), stream.next()];
    producer.fail(broken);
    await expect(first).rejects.toBe(broken);
    expect(await second).toEqual(done);
  });

  it('closes its source when the reader leaves the loop', async () => {
    const { stream, producer, told } = setup();
    producer.push({ n: 1 });
    producer.push({ n: 2 });
    for await (const _ of stream) break;
    expect(told).toEqual(['close', ['aborted']]);
    expect(await stream.next()).toEqual(done);
  });

  it('closes its source when it is returned before it was ever read, and only once', async () => {
    const { stream, told } = setup();
    await stream.return();
    await stream.return();
    expect(told).toEqual(['close', ['aborted']]);
  });

  it('answers those who wait when the reader leaves', async () => {
    const { stream } = setup();
    const waiting = stream.next();
    await stream.return();
    expect(await waiting).toEqual(done);
  });

  it('does not close a source that has ended when the reader leaves chunks unread', async () => {
    const { stream, producer, told } = setup();
    producer.push({ n: 1 });
    producer.end();
    await stream.return();
    expect(told).toEqual([['success']]);
    expect(await stream.next()).toEqual(done);
  });

  it('forgets a failure nobody read when the reader leaves', async () => {
    const { stream, producer, told } = setup();
    producer.fail(broken);
    expect(await stream.return()).toEqual(done);
    expect(await stream.next()).toEqual(done);
    expect(told).toEqual([['failure', broken]]);
  });

  it('drops what comes after its end', async () => {
    const { stream, producer, told } = setup();
    producer.end();
    producer.push({ n: 1 });
    producer.fail(broken);
    producer.end();
    expect(await stream.next()).toEqual(done);
    expect(told).toEqual([['success']]);
  });

  it.each([
    [broken, 'failure'],
    [left, 'aborted'],
  ])('shows %s instead of what waits when it is cancelled, and closes its source', async (error, result) => {
    const { stream, producer, told } = setup();
    producer.push({ n: 1 });
    stream.cancel(error);
    stream.cancel(error);
    producer.push({ n: 2 });
    expect(told).toEqual(['close', [result, error]]);
    await expect(stream.next()).rejects.toBe(error);
    expect(await stream.next()).toEqual(done);
    expect(told).toEqual(['close', [result, error]]);
  });

  it('shows the error to the one who waits when it is cancelled', async () => {
    const { stream } = setup();
    const waiting = stream.next();
    stream.cancel(left);
    await expect(waiting).rejects.toBe(left);
  });

  it('is not changed by a cancel after its end was read', async () => {
    const { stream, producer, told } = setup();
    producer.end();
    stream.cancel(left);
    expect(await stream.next()).toEqual(done);
    expect(told).toEqual([['success']]);
  });

  it('is cancelled while chunks of an ended source wait', async () => {
    const { stream, producer, told } = setup();
    producer.push({ n: 1 });
    producer.end();
    stream.cancel(left);
    await expect(stream.next()).rejects.toBe(left);
    expect(told).toEqual([['success']]);
  });

  it('shows an abort it heeds in place of what waits, also when its source has ended, and then its end', async () => {
    const { stream, producer } = setup();
    const leaving = new AbortController();
    stream.heed(leaving.signal, (reason) => (reason === 'bye' ? left : broken));
    for (const n of [1, 2, 3]) producer.push({ n });
    producer.end();
    expect(await stream.next()).toEqual({ done: false, value: { n: 1 } });
    leaving.abort('bye');
    await expect(stream.next()).rejects.toBe(left);
    expect(await stream.next()).toEqual(done);
  });

  it('is not changed by an abort it heeds after its end was read', async () => {
    const { stream, producer } = setup();
    const leaving = new AbortController();
    stream.heed(leaving.signal, () => left);
    producer.end();
    expect(await stream.next()).toEqual(done);
    leaving.abort();
    expect(await stream.next()).toEqual(done);
  });

  it.each([
    ['failure', broken],
    ['aborted', left],
  ])('settles as %s for an error of that kind', (result, error) => {
    const { producer, told } = setup();
    producer.fail(error);
    expect(told).toEqual([[result, error]]);
  });
});

describe('a chunk stream that its reader lost', () => {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;

  async function collectUntil(condition: () => boolean): Promise<void> {
    await until(() => {
      collect();
      return condition();
    });
  }

  it('closes its source and settles as aborted when it is collected', async () => {
    const told: unknown[] = [];
    const start = () => {
      const { open, producer } = createChunkStream({
        pause: () => undefined,
        resume: () => undefined,
        close: () => told.push('close'),
        onSettle: (result) => told.push(result),
      });
      open();
      return producer;
    };
    const producer = start();
    producer.push({ n: 1 });
    await collectUntil(() => told.length > 0);
    expect(told).toEqual(['close', 'aborted']);
    producer.push({ n: 2 });
  });

  it('is let go of once it has settled, also where the calls of two know each other', async () => {
    const start = () => {
      const calls = [{}, {}] as { stream?: object; other?: object }[];
      const pipes = calls.map((call) =>
        createChunkStream({
          pause: () => undefined,
          resume: () => undefined,
          close: () => undefined,
          onSettle: () => void call.other,
        }),
      );
      const streams = pipes.map(({ open }) => open());
      calls.forEach((call, index) => {
        call.other = streams[1 - index] as object;
      });
      for (const { producer } of pipes) producer.end();
      return streams.map((stream) => new WeakRef(stream));
    };
    const streams = start();
    await collectUntil(() => streams.every((stream) => stream.deref() === undefined));
  });

  it('is kept while somebody waits for a chunk', async () => {
    const told: unknown[] = [];
    const start = () => {
      const { open, producer } = createChunkStream({
        pause: () => undefined,
        resume: () => undefined,
        close: () => told.push('close'),
        onSettle: (result) => told.push(result),
      });
      return { producer, read: open().next() };
    };
    const { producer, read } = start();
    let collected = false;
    const registry = new FinalizationRegistry(() => {
      collected = true;
    });
    registry.register({}, undefined);
    await collectUntil(() => collected);
    registry.unregister(registry);
    producer.push({ n: 1 });
    expect(await read).toEqual(chunk(1));
    expect(told).toEqual([]);
  });
});
