import { describe, expect, it } from 'vitest';
import type { HttpBody } from '../../../src/core/transport.ts';
import { noAbort, paths } from './paths.ts';
import { bodyOf, pause, post, startHttp, startTcp } from './servers.ts';

describe.each(paths)('over %s', (_name, transport) => {
  it('sends method, path, query, headers and body as they are', async () => {
    const seen: unknown[] = [];
    const server = await startHttp(async (request, response) => {
      const { authorization, 'content-type': type, 'content-length': length, 'x-none': none } = request.headers;
      const body = (await bodyOf(request)).toString();
      seen.push({ method: request.method, url: request.url, authorization, type, length, none, body });
      response.end();
    });
    const headers = { authorization: 'Bearer sk-1', 'content-type': 'application/json' };
    await transport.send(post(`${server.base}/v1/chat?a=1&b=%20#part`, { headers, body: '{"a":"ü"}' }), noAbort());
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/v1/chat?a=1&b=%20',
        authorization: 'Bearer sk-1',
        type: 'application/json',
        length: '10',
        none: undefined,
        body: '{"a":"ü"}',
      },
    ]);
  });

  it('adds accept, user-agent and accept-encoding unless they are given', async () => {
    const seen: unknown[] = [];
    const server = await startHttp((request, response) => {
      const { accept, 'user-agent': agent, 'accept-encoding': encoding } = request.headers;
      seen.push({ accept, agent, gzip: encoding?.includes('gzip') });
      response.end();
    });
    await transport.send({ method: 'GET', url: server.base, headers: {} }, noAbort());
    const headers = { accept: 'text/event-stream', 'user-agent': 'modelmux', 'accept-encoding': 'identity' };
    await transport.send({ method: 'GET', url: server.base, headers }, noAbort());
    expect(seen).toEqual([
      { accept: '*/*', agent: 'node', gzip: true },
      { accept: 'text/event-stream', agent: 'modelmux', gzip: false },
    ]);
  });

  it('writes a method in lower case as HTTP wants it, and trims header values', async () => {
    const seen: unknown[] = [];
    const server = await startHttp((request, response) => {
      seen.push([request.method, request.headers.authorization]);
      response.end();
    });
    await transport.send(
      { method: 'patch', url: server.base, headers: { authorization: ' Bearer sk-1\n' } },
      noAbort(),
    );
    expect(seen).toEqual([['PATCH', 'Bearer sk-1']]);
  });

  it.each([200, 201, 400, 404, 429, 500, 529])('gives status %i as a response', async (status) => {
    const server = await startHttp((_request, response) => response.writeHead(status).end('body'));
    const response = await transport.send(post(server.base), noAbort());
    expect(response.status).toBe(status);
    expect(await response.body.text()).toBe('body');
  });

  it('gives header names in lower case, several values of one joined, and values as Latin-1', async () => {
    const server = await startTcp((socket) =>
      socket.once('data', () =>
        socket.end(
          Buffer.from(
            'HTTP/1.1 200 OK\r\nX-Request-ID: r1\r\nX-Two: a\r\nx-two: b\r\nX-Name: B\xe4r\r\nContent-Length: 0\r\n\r\n',
            'latin1',
          ),
        ),
      ),
    );
    const { headers } = await transport.send(post(server.base), noAbort());
    expect(headers).toMatchObject({ 'x-request-id': 'r1', 'x-two': 'a, b', 'x-name': 'Bär', 'content-length': '0' });
    expect(headers['X-Request-ID']).toBeUndefined();
  });

  it('skips informational responses', async () => {
    const server = await startHttp(async (_request, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      await pause(20);
      response.setHeader('x-final', 'yes');
      response.end('final');
    });
    const response = await transport.send(post(server.base), noAbort());
    expect([response.status, response.headers['x-final'], await response.body.text()]).toEqual([200, 'yes', 'final']);
  });

  it.each([
    ['HEAD', 200],
    ['POST', 204],
    ['POST', 304],
  ])('reads no body after %s with status %i', async (method, status) => {
    const server = await startHttp((_request, response) =>
      response.writeHead(status, { 'content-encoding': 'gzip' }).end(),
    );
    const response = await transport.send({ method, url: server.base, headers: {} }, noAbort());
    expect([response.status, await response.body.text()]).toEqual([status, '']);
  });

  it('gives text without a byte order mark, and characters cut by packets whole', async () => {
    const bytes = Buffer.from('\ufeffgrün 🌱');
    const server = await startHttp(async (_request, response) => {
      for (const byte of bytes) {
        response.write(Uint8Array.of(byte));
        await new Promise(setImmediate);
      }
      response.end();
    });
    const response = await transport.send(post(server.base), noAbort());
    expect(await response.body.text()).toBe('grün 🌱');
  });

  it('gives bytes as they are', async () => {
    const server = await startHttp((_request, response) => response.end(Uint8Array.of(0xef, 0xbb, 0xbf, 0, 255)));
    const response = await transport.send(post(server.base), noAbort());
    expect([...(await response.body.bytes())]).toEqual([0xef, 0xbb, 0xbf, 0, 255]);
  });

  it('carries 5 MB there and back', async () => {
    const server = await startHttp(async (request, response) => response.end(await bodyOf(request)));
    const body = 'äx'.repeat(1_700_000);
    const response = await transport.send(post(server.base, { body }), noAbort());
    expect((await response.body.text()) === body).toBe(true);
  });

  it('sends bytes', async () => {
    const server = await startHttp(async (request, response) => response.end(await bodyOf(request)));
    const body = Uint8Array.of(0, 1, 254, 255);
    const response = await transport.send(post(server.base, { body }), noAbort());
    expect([...(await response.body.bytes())]).toEqual([0, 1, 254, 255]);
  });

  it('sends a form with files, naming its boundary whatever content type was given', async () => {
    const server = await startHttp(async (request, response) => {
      const type = request.headers['content-type'] ?? '';
      const form = await new Response(new Uint8Array(await bodyOf(request)), {
        headers: { 'content-type': type },
      }).formData();
      const file = form.get('file') as File;
      const { 'content-length': length } = request.headers;
      response.end(JSON.stringify([form.get('model'), file.name, file.type, await file.text(), Number(length) > 100]));
    });
    const body = new FormData();
    body.set('model', 'whisper-1');
    body.set('file', new Blob(['RIFFä'], { type: 'audio/wav' }), 'a.wav');
    const headers = { 'content-type': 'multipart/form-data' };
    const response = await transport.send(post(server.base, { headers, body }), noAbort());
    expect(JSON.parse(await response.body.text())).toEqual(['whisper-1', 'a.wav', 'audio/wav', 'RIFFä', true]);
  });

  it('reuses one connection for calls one after the other, whichever way their bodies were read', async () => {
    const server = await startHttp((_request, response) => response.end('x'.repeat(100)));
    const ways: ((body: HttpBody) => Promise<unknown>)[] = [
      (body) => body.text(),
      (body) => body.bytes(),
      (body) => new Promise<void>((end, error) => body.flow({ data: () => undefined, end, error })),
    ];
    for (const read of [...ways, ...ways]) {
      await read((await transport.send(post(server.base), noAbort())).body);
      await pause(1);
    }
    expect(server.sockets.length).toBe(1);
  });
});
