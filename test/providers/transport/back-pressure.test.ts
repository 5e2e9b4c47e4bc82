import { describe, expect, it } from 'vitest';
import { noAbort, paths } from './paths.ts';
import { pause, post, startHttp, until } from './servers.ts';

const total = 32 * 1024 * 1024;
const piece = Buffer.alloc(256 * 1024, 'x');

describe.each(paths)('over %s', (_name, transport) => {
  /** A server that writes 32 MiB as fast as it is let, and how much it has written. */
  async function startFlood() {
    const written = { bytes: 0 };
    const { base } = await startHttp(async (_request, response) => {
      while (written.bytes < total) {
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
      await pause(60);
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

  it('may be paused and resumed at every chunk', async () => {
    const { base } = await startFlood();
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
    expect(received).toBe(total);
  });
});
