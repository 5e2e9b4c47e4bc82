import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { noAbort, paths } from './paths.ts';
import { post, startHttp } from './servers.ts';

const text = JSON.stringify({ answer: 'grün 🌱 '.repeat(500) });
const zstd = 'zstdCompressSync' in zlib;

const codings: readonly (readonly [header: string, encode: (bytes: string | Buffer) => Buffer])[] = [
  ['gzip', zlib.gzipSync],
  ['x-gzip', zlib.gzipSync],
  ['GZIP', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['deflate', zlib.deflateRawSync],
  ['br', zlib.brotliCompressSync],
  ...(zstd ? [['zstd', zlib.zstdCompressSync] as const] : []),
  ['deflate, gzip', (bytes) => zlib.gzipSync(zlib.deflateSync(bytes))],
  ['gzip, deflate, br', (bytes) => zlib.brotliCompressSync(zlib.deflateRawSync(zlib.gzipSync(bytes)))],
];

describe.each(paths)('over %s', (_name, transport) => {
  const ask = (base: string) => transport.send(post(base), noAbort());

  it.each(codings)('undoes %s, however the body is read', async (header, encode) => {
    const server = await startHttp((_request, response) => {
      response.setHeader('content-encoding', header);
      const bytes = encode(text);
      response.write(bytes.subarray(0, 20));
      setImmediate(() => response.end(bytes.subarray(20)));
    });
    expect(await (await ask(server.base)).body.text()).toBe(text);
    expect(new TextDecoder().decode(await (await ask(server.base)).body.bytes())).toBe(text);
    const { body } = await ask(server.base);
    const chunks: Uint8Array[] = [];
    await new Promise<void>((end, error) => body.flow({ data: (chunk) => chunks.push(chunk), end, error }));
    expect(Buffer.concat(chunks).toString()).toBe(text);
  });

  it.each(['gzip', 'br', 'deflate'])('undoes %s of a body that is here before it is read', async (header) => {
    const encode = { gzip: zlib.gzipSync, br: zlib.brotliCompressSync, deflate: zlib.deflateSync }[header];
    const server = await startHttp((_request, response) => {
      response.setHeader('content-encoding', header).end(encode?.(text));
    });
    expect(await (await ask(server.base)).body.text()).toBe(text);
  });

  it.each(['identity', 'compress', 'gzip, unheard-of'])('hands a body in %s on as it came', async (header) => {
    const server = await startHttp((_request, response) => {
      response.setHeader('content-encoding', header).end('as it is');
    });
    const { body, headers } = await ask(server.base);
    expect([headers['content-encoding'], await body.text()]).toEqual([header, 'as it is']);
  });

  it('takes an empty body for an empty body, whatever its coding', async () => {
    const server = await startHttp((_request, response) => {
      response.setHeader('content-encoding', 'gzip').end();
    });
    expect(await (await ask(server.base)).body.text()).toBe('');
  });

  it.each(['gzip', 'deflate', 'br', ...(zstd ? ['zstd'] : [])])('fails when a body is no %s', async (header) => {
    const server = await startHttp((_request, response) => {
      response.setHeader('content-encoding', header).end(Buffer.alloc(5000, 0xf7));
    });
    const { body } = await ask(server.base);
    await expect(body.text()).rejects.toMatchObject({ name: 'APIConnectionError', kind: 'network' });
  });

  it('hands an event on when it comes, not when the coded stream ends', async () => {
    const server = await startHttp((_request, response) => {
      const gzip = zlib.createGzip();
      response.setHeader('content-encoding', 'gzip');
      gzip.pipe(response);
      gzip.write('data: 1\n\n');
      gzip.flush();
    });
    const { body } = await ask(server.base);
    const first = await new Promise<Uint8Array>((data, error) => {
      const flow = body.flow({
        data(chunk) {
          data(chunk);
          flow.cancel();
        },
        end: () => error(new Error('ended')),
        error,
      });
    });
    expect(new TextDecoder().decode(first)).toBe('data: 1\n\n');
  });
});

describe("over node's dispatcher", () => {
  const [[, transport] = []] = paths;

  it('hands out what came before the wire broke within a coded stream', async () => {
    const size = 16 * 1024 * 1024;
    const server = await startHttp((_request, response) => {
      // The wire breaks while there is much left to decode: what is decoded is a thousand times what was sent.
      response.setHeader('content-encoding', 'gzip');
      response.setHeader('content-length', 1_000_000);
      response.write(zlib.gzipSync(Buffer.alloc(size)).subarray(0, -4));
      response.socket?.end();
    });
    const response = await transport?.send(post(server.base), noAbort());
    let received = 0;
    const error = await new Promise((resolve) => {
      response?.body.flow({
        data(chunk) {
          received += chunk.length;
        },
        end: () => resolve('ended'),
        error: resolve,
      });
    });
    expect(error).toMatchObject({ name: 'APIConnectionError', code: 'UND_ERR_SOCKET' });
    expect(received).toBe(size);
  });
});

// Node's fetch hands a coded body that is cut short on as if it were whole, so only the light path can tell.
describe.each(codings.filter(([header]) => !header.includes(',')))("over node's dispatcher", (header, encode) => {
  it(`fails when ${header} is cut short, however much of it came`, async () => {
    const bytes = encode(text);
    const server = await startHttp((request, response) => {
      response.setHeader('content-encoding', header).end(bytes.subarray(0, Number(request.url?.slice(1))));
    });
    const [[, transport] = []] = paths;
    for (const length of [1, 12, bytes.length - 1]) {
      const response = await transport?.send(post(`${server.base}/${length}`), noAbort());
      await expect(response?.body.text(), `${length} bytes`).rejects.toMatchObject({ name: 'APIConnectionError' });
    }
  });
});
