import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { noAbort, paths } from './paths.ts';
import { pause, post, startHttp, until } from './servers.ts';

/** More than both ends' buffers in the operating system hold. */
const total = 20 * 1024 * 1024;
/** Enough to go through many chunks. */
const little = 4 * 1024 * 1024;
const piece = Buffer.alloc(256 * 1024, 'x');

describe.each(paths)('over %s', (_name, transport) => {
  /** A server that writes as fast as it is let, and how much it has written. */
  async function startFlood(size = total) {
    const written = { bytes: 0 };
    const { base } = await startHttp(async (_request, response) => {
      while (written.bytes < size) {
        written.bytes += piece.length;
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
      }
      response.end();
    });
    return { base, written };
  }

  async function stalled(written: { readonly bytes: number }): Promise<number> {
    for (let before = -1; before !== written.bytes; ) {
      before = written.bytes;
      await pause(40);
    }
    return written.bytes;
  }

  it('makes the server wait while a flow is paused, and loses nothing', async () => {
    const { base, written } = await startFlood();
    const { body } = await transport.send(post(base), noAbort());
    let received = 0;
    let chunksWhilePaused = 0;
    let paused = false;
    let flow: ReturnType<typeof body.flow> | undefined;
    const over = new Promise<void>((end, error) => {
      flow = body.flow({
        data(chunk) {
          received += chunk.length;
          if (paused) chunksWhilePaused++;
          if (received > 1_000_000 && received - chunk.length <= 1_000_000) {
            flow?.pause();
            paused = true;
          }
        },
        end,
        error,
      });
    });
    await until(() => paused);
    expect(await stalled(written)).toBeLessThan(total);
    expect(chunksWhilePaused).toBe(0);
    paused = false;
    flow?.resume();
    await over;
    expect(received).toBe(total);
  });

  it('makes the server wait while nobody reads, and loses nothing', async () => {
    const { base, written } = await startFlood();
    const { body } = await transport.send(post(base), noAbort());
    expect(await stalled(written)).toBeLessThan(total);
    expect((await body.bytes()).length).toBe(total);
  });

  it('hands chunks out one after the other, also when it is paused and resumed within one', async () => {
    const { base } = await startHttp((_request, response) => {
      for (const letter of 'abcdef') response.write(letter);
      response.end();
    });
    const { body } = await transport.send(post(base), noAbort());
    await pause(20);
    let text = '';
    await new Promise<void>((end, error) => {
      const flow = body.flow({
        data(chunk) {
          flow.pause();
          flow.resume();
          text += Buffer.from(chunk).toString();
        },
        end,
        error,
      });
    });
    expect(text).toBe('abcdef');
  });

  it('may be resumed while another flow hands a chunk out', async () => {
    const { base } = await startFlood(little);
    const first = (await transport.send(post(base), noAbort())).body;
    const second = (await transport.send(post((await startFlood(little)).base), noAbort())).body;
    let received = 0;
    const flows: ReturnType<typeof first.flow>[] = [];
    const read = (body: typeof first, other: number) =>
      new Promise<void>((end, error) => {
        flows.push(
          body.flow({
            data(chunk) {
              received += chunk.length;
              flows[other]?.resume();
              flows[1 - other]?.pause();
              setImmediate(() => flows[1 - other]?.resume());
            },
            end,
            error,
          }),
        );
      });
    await Promise.all([read(first, 1), read(second, 0)]);
    expect(received).toBe(2 * little);
  });

  it('makes the server wait through a content coding too', async () => {
    const written = { bytes: 0 };
    const { base } = await startHttp(async (_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      // Not compressed, so that as much is sent as is read.
      const gzip = zlib.createGzip({ level: 0 });
      gzip.pipe(response);
      while (written.bytes < total) {
        written.bytes += piece.length;
        if (!gzip.write(piece)) await new Promise((resolve) => gzip.once('drain', resolve));
      }
      gzip.end();
    });
    const { body } = await transport.send(post(base), noAbort());
    let received = 0;
    let flow: ReturnType<typeof body.flow> | undefined;
    const over = new Promise<void>((end, error) => {
      flow = body.flow({
        data(chunk) {
          if (received === 0) flow?.pause();
          received += chunk.length;
        },
        end,
        error,
      });
    });
    await until(() => received > 0);
    expect(await stalled(written)).toBeLessThan(total);
    flow?.resume();
    await over;
    expect(received).toBe(total);
  });

  it('may be paused and resumed at every chunk', async () => {
    const { base } = await startFlood(little);
    const { body } = await transport.send(post(base), noAbort());
    let received = 0;
    await new Promise<void>((end, error) => {
      const flow = body.flow({
        data(chunk) {
          received += chunk.length;
          flow.pause();
          if (received % 2 === 0) flow.resume();
          else setImmediate(() => flow.resume());
        },
        end,
        error,
      });
    });
    expect(received).toBe(little);
  });
});
