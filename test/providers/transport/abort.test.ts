import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { APIUserAbortError } from '../../../src/core/errors/index.ts';
import { paths } from './paths.ts';
import { closed, pause, post, startHttp, startTcp, until, unusedPort } from './servers.ts';

const reason = new APIUserAbortError();

describe.each(paths)('over %s', (_name, transport) => {
  it('sends nothing when the signal has aborted before', async () => {
    const server = await startHttp((_request, response) => response.end());
    await expect(transport.send(post(server.base), AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(server.sockets.length).toBe(0);
  });

  it('sends nothing when the signal aborts in the same tick', async () => {
    const asked: unknown[] = [];
    const server = await startHttp((request, response) => {
      asked.push(request.url);
      response.end();
    });
    const controller = new AbortController();
    const sent = transport.send(post(server.base), controller.signal);
    controller.abort(reason);
    await expect(sent).rejects.toBe(reason);
    await pause(20);
    expect(asked).toEqual([]);
  });

  it('sends nothing when the signal aborts before the connection is there', async () => {
    const asked: unknown[] = [];
    const server = await startHttp((request, response) => {
      asked.push(request.url);
      response.end();
    });
    const controller = new AbortController();
    const sent = transport.send(post(server.base), controller.signal);
    // All promises go before the operating system is asked whether it has connected.
    for (let turn = 0; turn < 200; turn++) await undefined;
    controller.abort(reason);
    await expect(sent).rejects.toBe(reason);
    await pause(20);
    expect(asked).toEqual([]);
  });

  it('rejects at once with the reason while it connects', async () => {
    // Accepts and stays silent: the TLS handshake never ends.
    const server = await startTcp(() => undefined);
    const controller = new AbortController();
    const sent = transport.send(post(`https://127.0.0.1:${server.port}`), controller.signal);
    await until(() => server.sockets.length === 1);
    controller.abort(reason);
    await expect(sent).rejects.toBe(reason);
  });

  it('rejects with the reason while it waits for the head, and closes the connection', async () => {
    let arrived = false;
    const server = await startHttp(() => {
      arrived = true;
    });
    const controller = new AbortController();
    const sent = transport.send(post(server.base), controller.signal);
    await until(() => arrived);
    controller.abort(reason);
    await expect(sent).rejects.toBe(reason);
    await closed(server.sockets[0]);
  });

  it.each(['text', 'bytes'] as const)(
    'rejects %s() with the reason within a body, and closes the connection',
    async (read) => {
      const server = await startHttp((_request, response) => {
        response.write('half');
      });
      const controller = new AbortController();
      const { body } = await transport.send(post(server.base), controller.signal);
      const whole = body[read]();
      setTimeout(() => controller.abort(reason), 10);
      await expect(whole).rejects.toBe(reason);
      await closed(server.sockets[0]);
    },
  );

  it.each([['flowing'], ['paused']])('tells a %s sink the reason at once, and closes the connection', async (state) => {
    let more = () => undefined as unknown;
    const server = await startHttp((_request, response) => {
      response.write('half');
      more = () => response.write('more');
    });
    const controller = new AbortController();
    const { body } = await transport.send(post(server.base), controller.signal);
    const said: unknown[] = [];
    const error = await new Promise((resolve) => {
      const flow = body.flow({
        data(chunk) {
          said.push(Buffer.from(chunk).toString());
          if (state === 'paused') {
            flow.pause();
            more();
          }
          setTimeout(() => controller.abort(reason), 30);
        },
        end: () => resolve('ended'),
        error: resolve,
      });
    });
    expect(error).toBe(reason);
    await closed(server.sockets[0]);
    await pause(10);
    expect(said).toEqual(['half']);
  });

  it('keeps the reason as it is, whatever it is', async () => {
    const server = await startHttp(() => undefined);
    for (const odd of ['text', 0, null, new TypeError('fetch failed'), { plain: true }]) {
      const controller = new AbortController();
      const sent = transport.send(post(server.base), controller.signal);
      setTimeout(() => controller.abort(odd), 5);
      await expect(sent.catch((error: unknown) => ({ error }))).resolves.toEqual({ error: odd });
    }
  });

  it('reads nothing of a whole body once the signal has aborted', async () => {
    const server = await startHttp((_request, response) => response.end('whole'));
    const controller = new AbortController();
    const { body } = await transport.send(post(server.base), controller.signal);
    await pause(10);
    controller.abort(reason);
    await expect(body.text()).rejects.toBe(reason);
  });

  it('stops following redirects', async () => {
    const controller = new AbortController();
    const server = await startHttp((request, response) => {
      if (request.url === '/third') controller.abort(reason);
      response.writeHead(307, { location: request.url === '/' ? '/second' : '/third' }).end();
    });
    await expect(transport.send(post(server.base), controller.signal)).rejects.toBe(reason);
  });
});

describe("over node's dispatcher", () => {
  const [[, transport] = []] = paths;

  it('leaves no listener on the signal, however the call went', async () => {
    const server = await startHttp((request, response) => {
      if (request.url === '/half') response.writeHead(200, { 'content-length': 100 }).write('half');
      else if (request.url === '/reset') request.socket.resetAndDestroy();
      else if (request.url === '/moved') response.writeHead(307, { location: '/' }).end();
      else response.end('whole');
    });
    const controller = new AbortController();
    const { signal } = controller;
    const send = (path: string) => transport?.send(post(server.base + path), signal);
    await (await send('/'))?.body.text();
    await (await send('/moved'))?.body.text();
    await send('/');
    (await send('/half'))?.body.cancel();
    await expect(send('/reset')).rejects.toThrow('no response came');
    await expect(transport?.send(post(`http://127.0.0.1:${await unusedPort()}`), signal)).rejects.toThrow(
      'ECONNREFUSED',
    );
    await until(() => getEventListeners(signal, 'abort').length === 0);
    const half = await send('/half');
    expect(getEventListeners(signal, 'abort').length).toBe(1);
    controller.abort(reason);
    expect(getEventListeners(signal, 'abort').length).toBe(0);
    await expect(half?.body.text()).rejects.toBe(reason);
  });
});
