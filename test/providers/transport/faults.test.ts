import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { HttpResponse, Transport } from '../../../src/core/transport.ts';
import { createTransport } from '../../../src/providers/transport/http.ts';
import { noAbort, paths } from './paths.ts';
import { closed, pause, post, startHttp, startTcp, until, unusedPort } from './servers.ts';

const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n';

/** What a flow tells its sink; calls `onData` at the first chunk. */
function record(
  response: HttpResponse,
  onData: () => void,
): Promise<{ readonly text: string; readonly error: unknown }> {
  return new Promise((resolve) => {
    let text = '';
    const finish = (error?: unknown) => resolve({ text, error });
    response.body.flow({
      data(chunk) {
        if (text === '') onData();
        text += Buffer.from(chunk).toString();
      },
      end: finish,
      error: finish,
    });
  });
}

async function failure(sent: Promise<unknown>): Promise<unknown> {
  try {
    await sent;
  } catch (error) {
    return error;
  }
  throw new Error('did not fail');
}

describe.each(paths)('over %s', (_name, transport) => {
  const send = (url: string) => transport.send(post(url), noAbort());

  it('names method, host and system code when the connection is refused, never the query', async () => {
    const free = await unusedPort();
    const error = (await failure(send(`http://127.0.0.1:${free}/v1?key=sk-1`))) as Error;
    expect(error).toMatchObject({
      name: 'APIConnectionError',
      kind: 'network',
      code: 'ECONNREFUSED',
      status: undefined,
    });
    expect(error.message).toBe(`POST 127.0.0.1:${free}: no response came: connect ECONNREFUSED 127.0.0.1:${free}`);
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' });
  });

  it('names the code when the host is unknown', async () => {
    const error = (await failure(send('http://no-such-host.invalid/v1?key=sk-1'))) as Error;
    expect(error).toMatchObject({ name: 'APIConnectionError' });
    expect((error as Error & { code: string }).code).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    expect(error.message).toContain('POST no-such-host.invalid: no response came: getaddrinfo');
    expect(error.message).not.toContain('sk-1');
  });

  it('fails when the server is no HTTP server', async () => {
    const server = await startTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    const error = await failure(send(server.base));
    expect(error).toMatchObject({ name: 'APIConnectionError' });
  });

  it('fails when the server does not speak TLS', async () => {
    const server = await startHttp((_request, response) => response.end());
    const error = await failure(send(`https://127.0.0.1:${server.port}`));
    expect(error).toMatchObject({ name: 'APIConnectionError' });
  });

  it('fails when the connection is reset before the head', async () => {
    const server = await startTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await failure(send(server.base))).toMatchObject({ name: 'APIConnectionError', code: 'ECONNRESET' });
  });

  it('fails when the connection is closed before the head', async () => {
    const server = await startTcp((socket) => socket.once('data', () => socket.end()));
    expect(await failure(send(server.base))).toMatchObject({
      name: 'APIConnectionError',
      code: 'UND_ERR_SOCKET',
      message: `POST 127.0.0.1:${server.port}: no response came: other side closed (UND_ERR_SOCKET)`,
    });
  });

  it('fails when a kept-alive connection is closed as the next request comes', async () => {
    const server = await startTcp((socket) => {
      socket.once('data', () => {
        socket.write(`${head}Content-Length: 2\r\nConnection: keep-alive\r\n\r\nok`);
        socket.once('data', () => socket.destroy());
      });
    });
    expect(await (await send(server.base)).body.text()).toBe('ok');
    await pause(5);
    expect(await failure(send(server.base))).toMatchObject({ name: 'APIConnectionError', code: 'UND_ERR_SOCKET' });
    expect(server.sockets.length).toBe(1);
  });

  it.each([
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['closed', (socket: Socket) => socket.end()],
  ])('fails when the connection is %s within a body, whichever way it is read', async (_how, cut) => {
    const server = await startTcp((socket) =>
      socket.once('data', () => socket.write(`${head}Content-Length: 100\r\n\r\nhalf`)),
    );
    // The head and what there is of the body came together: once the one is here, so is the other.
    const cutLatest = () => cut(server.sockets.at(-1) as Socket);
    const expected = { name: 'APIConnectionError', message: expect.stringContaining('the response broke off') };
    for (const read of ['text', 'bytes'] as const) {
      const whole = (await send(server.base)).body[read]();
      cutLatest();
      expect(await failure(whole)).toMatchObject(expected);
    }
    const recorded = record(await send(server.base), cutLatest);
    expect(await recorded).toEqual({ text: 'half', error: expect.objectContaining(expected) });
  });

  it.each([
    ['a chunked body without its last chunk', 'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
    ['a chunk cut in two', 'Transfer-Encoding: chunked\r\n\r\n8\r\nhalf'],
    ['a chunk whose size is no number', 'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n'],
  ])('fails on %s', async (_what, rest) => {
    const server = await startTcp((socket) => socket.once('data', () => socket.end(head + rest)));
    const response = await send(server.base).catch((error: unknown) => error);
    const error = response instanceof Error ? response : await failure((response as HttpResponse).body.text());
    expect(error).toMatchObject({ name: 'APIConnectionError' });
  });

  it('takes a body without length for whole when the connection is closed', async () => {
    const server = await startTcp((socket) => socket.once('data', () => socket.end(`${head}\r\nall of it`)));
    expect(await (await send(server.base)).body.text()).toBe('all of it');
  });

  it('hands on what a sink throws, and closes the connection', async () => {
    const server = await startHttp((_request, response) => {
      response.write('first');
    });
    const { body } = await send(server.base);
    const error = await new Promise((resolve) => {
      body.flow({
        data() {
          throw new RangeError('cannot decode');
        },
        end: () => resolve('ended'),
        error: resolve,
      });
    });
    expect(error).toEqual(new RangeError('cannot decode'));
    await closed(server.sockets[0]);
  });

  it('hands on what a sink throws at the end', async () => {
    const server = await startHttp((_request, response) => response.end('cut'));
    const { body } = await send(server.base);
    const error = await new Promise((resolve) => {
      body.flow({
        data: () => undefined,
        end() {
          throw new RangeError('cut short');
        },
        error: resolve,
      });
    });
    expect(error).toEqual(new RangeError('cut short'));
  });

  it('closes the connection of a body that is given up', async () => {
    const server = await startHttp((_request, response) => {
      response.write('first');
    });
    const given = await send(server.base);
    given.body.cancel();
    await until(() => server.sockets.length === 1);
    await closed(server.sockets[0]);
  });

  it('closes the connection of a flow that is given up, and says nothing more', async () => {
    const said: string[] = [];
    let more = () => undefined as unknown;
    const server = await startHttp((_request, response) => {
      response.write('first');
      more = () => response.write('second');
    });
    const { body } = await send(server.base);
    await new Promise<void>((given) => {
      const flow = body.flow({
        data(chunk) {
          said.push(Buffer.from(chunk).toString());
          flow.cancel();
          more();
          given();
        },
        end: () => said.push('end'),
        error: () => said.push('error'),
      });
    });
    await closed(server.sockets[0]);
    await pause(20);
    expect(said).toEqual(['first']);
  });

  it('goes on after a body that was read was given up too', async () => {
    const server = await startHttp((_request, response) => response.end('whole'));
    const { body } = await send(server.base);
    expect(await body.text()).toBe('whole');
    body.cancel();
    expect(await (await send(server.base)).body.text()).toBe('whole');
  });
});

describe.each(paths)('refuses over %s', (_name, transport) => {
  it.each([
    [
      'a line break in a value',
      { 'x-key': 'sk-1\r\nx-other: 1' },
      'headers.x-key',
      'Header "x-key" holds a line break',
    ],
    ['a character beyond Latin-1', { 'x-title': 'ключ' }, 'headers.x-title', 'Header "x-title" holds'],
    ['a name that is no token', { 'x key': '1' }, 'headers.x key', '"x key" is not a header name'],
    ['a header of the connection', { 'transfer-encoding': 'chunked' }, 'headers', 'invalid transfer-encoding header'],
  ])('%s', async (_what, headers, param, message) => {
    const server = await startHttp((_request, response) => response.end());
    const error = (await failure(transport.send(post(server.base, { headers }), noAbort()))) as Error;
    expect(error).toMatchObject({ name: 'TranslationError', kind: 'translation', param });
    expect(error.message).toContain(message);
    expect(`${error.message} ${String((error.cause as Error | undefined)?.message)}`).not.toMatch(/sk-1|ключ/);
  });

  it.each([
    ['api.openai.com/v1', 'The request URL is not a URL'],
    ['ftp://127.0.0.1/v1?key=sk-1', 'A request to "ftp:" cannot be sent'],
    ['http://me:sk-1@127.0.0.1/v1', 'The URL of 127.0.0.1 holds a user name or password'],
  ])('the URL %s', async (url, message) => {
    const error = (await failure(transport.send(post(url), noAbort()))) as Error;
    expect(error).toMatchObject({ name: 'TranslationError', param: 'url' });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('sk-1');
  });
});

describe('with a fetch that misbehaves', () => {
  const sendWith = (fetch: () => unknown): Transport => createTransport({ fetch: fetch as typeof globalThis.fetch });

  it.each([
    ['throws text', () => Promise.reject('down'), 'something that is no error was thrown (string)'],
    ['throws nothing', () => Promise.reject(undefined), 'something that is no error was thrown (undefined)'],
    [
      'throws at once',
      () => {
        throw new RangeError('odd');
      },
      'odd',
    ],
    ['gives nothing', () => undefined, 'Cannot read properties of undefined'],
    ['fails as browsers do', () => Promise.reject(new TypeError('Failed to fetch')), 'Failed to fetch'],
    ['quotes the URL', () => Promise.reject(new Error('GET http://a/b?key=sk-1 failed')), 'GET http://a/b?… failed'],
  ])('that %s: APIConnectionError', async (_what, fetch, message) => {
    const error = (await failure(sendWith(fetch).send(post('http://127.0.0.1/v1?key=sk-1'), noAbort()))) as Error;
    expect(error).toMatchObject({ name: 'APIConnectionError', kind: 'network' });
    expect(error.message).toContain(`POST 127.0.0.1: no response came: ${message}`);
  });

  it('that hides where a redirect goes: APIConnectionError', async () => {
    const opaque = { type: 'opaqueredirect', status: 0, headers: new Headers(), body: null };
    const error = await failure(sendWith(async () => opaque).send(post('http://127.0.0.1/'), noAbort()));
    expect(error).toMatchObject({ message: 'POST 127.0.0.1: redirected, and this runtime does not say where to' });
  });
});
