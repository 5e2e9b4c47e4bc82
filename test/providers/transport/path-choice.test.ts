import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTransport } from '../../../src/providers/transport/http.ts';
import { noAbort } from './paths.ts';
import { post, startHttp } from './servers.ts';

interface Dispatcher {
  dispatch(options: { readonly path: string; readonly body: unknown }, handler: object): boolean;
}

const major = Number(process.versions['undici']?.split('.')[0]);
const key = Symbol.for(`undici.globalDispatcher.${major >= 8 ? 2 : 1}`);
const globals = globalThis as unknown as Record<symbol, Dispatcher>;

describe('without a fetch of its own', () => {
  const transport = createTransport();
  const nodesFetch = globalThis.fetch;

  afterEach(() => {
    globalThis.fetch = nodesFetch;
  });

  it("does not call Node's fetch", async () => {
    const server = await startHttp((_request, response) => response.end('ok'));
    const published: unknown[] = [];
    const dispatcher = globals[key] as Dispatcher;
    const dispatch = vi.spyOn(dispatcher, 'dispatch').mockImplementation(function (this: Dispatcher, options, handler) {
      published.push(handler);
      return Object.getPrototypeOf(this).dispatch.call(this, options, handler);
    });
    await transport.send(post(server.base), noAbort());
    dispatch.mockRestore();
    expect(published).toEqual([expect.objectContaining({ status: 200 })]);
  });

  it('asks a fetch that replaced the global one, and goes back when it is put back', async () => {
    const server = await startHttp((_request, response) => response.end('server'));
    const calls: unknown[] = [];
    globalThis.fetch = async (input, init) => {
      calls.push([input, init?.method, init?.headers, init?.body]);
      return new Response('mock', { headers: { 'x-mock': 'yes' } });
    };
    const mocked = await transport.send(post(`${server.base}/v1`), noAbort());
    expect([mocked.headers['x-mock'], await mocked.body.text()]).toEqual(['yes', 'mock']);
    expect(calls).toEqual([[`${server.base}/v1`, 'POST', { 'content-type': 'application/json' }, '{}']]);
    globalThis.fetch = nodesFetch;
    expect(await (await transport.send(post(server.base), noAbort())).body.text()).toBe('server');
  });

  it('asks a dispatcher that was set for the whole process', async () => {
    const server = await startHttp((request, response) => response.end(request.url));
    const before = globals[key] as Dispatcher;
    const seen: unknown[] = [];
    globals[key] = {
      dispatch(options, handler) {
        seen.push([options.path, options.body]);
        return before.dispatch({ ...options, path: '/elsewhere' }, handler);
      },
    };
    const response = await transport.send(post(`${server.base}/v1?a=1`), noAbort());
    globals[key] = before;
    expect(seen).toEqual([['/v1?a=1', '{}']]);
    expect(await response.body.text()).toBe('/elsewhere');
  });

  it('turns what a dispatcher throws into an APIConnectionError', async () => {
    const before = globals[key] as Dispatcher;
    globals[key] = {
      dispatch() {
        throw new Error('destroyed');
      },
    };
    const sent = transport.send(post('http://127.0.0.1:9'), noAbort());
    await expect(sent)
      .rejects.toMatchObject({ message: 'POST 127.0.0.1:9: no response came: destroyed' })
      .finally(() => {
        globals[key] = before;
      });
  });
});

it('does not ask the fetch it is given when the signal has aborted', async () => {
  const fetch = vi.fn(async () => new Response('given'));
  const sent = createTransport({ fetch }).send(post('http://127.0.0.1:9'), AbortSignal.abort('gone'));
  await expect(sent).rejects.toBe('gone');
  expect(fetch).toHaveBeenCalledTimes(0);
});

it('asks the fetch it is given, even when the global one was not replaced', async () => {
  const fetch = vi.fn(async () => new Response('given'));
  const response = await createTransport({ fetch }).send(post('http://127.0.0.1:9'), noAbort());
  expect(await response.body.text()).toBe('given');
  expect(fetch).toHaveBeenCalledTimes(1);
});
