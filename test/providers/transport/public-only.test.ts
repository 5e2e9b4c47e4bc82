import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createTransport } from '../../../src/providers/transport/http.ts';
import { guardedAgent, type SystemLookup } from '../../../src/providers/transport/node-fetch-guard.ts';

/** A server on loopback; counts what reaches it. */
async function local(answer: { status: number; headers?: Record<string, string> } = { status: 200 }) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? '');
    response.writeHead(answer.status, answer.headers).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, seen };
}

const signal = new AbortController().signal;
const get = (url: string, except: readonly string[] = []) =>
  createTransport({ publicOnly: { except } }).send({ method: 'GET', url, headers: {} }, signal);

it('a private address is refused before anything is sent, unless it is excepted', async () => {
  const { port, seen } = await local();
  for (const host of ['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]']) {
    await expect(get(`http://${host}:${port}/secret`)).rejects.toMatchObject({ status: 403, code: 'private_address' });
  }
  await expect(get('http://169.254.169.254/latest/meta-data')).rejects.toMatchObject({ status: 403 });
  expect(seen).toEqual([]);
  expect((await get(`http://127.0.0.1:${port}/a`, ['127.0.0.1'])).status).toBe(200);
  expect((await get(`http://127.0.0.1:${port}/b`, [`127.0.0.1:${port}`])).status).toBe(200);
  await expect(get(`http://127.0.0.1:${port}/c`, [`127.0.0.1:${port + 1}`])).rejects.toMatchObject({ status: 403 });
  expect(seen).toEqual(['/a', '/b']);
});

it('a redirect to a private address is not followed', async () => {
  const secret = await local();
  const door = await local({ status: 307, headers: { location: `http://127.0.0.1:${secret.port}/secret` } });
  const host = `127.0.0.1:${door.port}`;
  await expect(get(`http://${host}/`, [host])).rejects.toMatchObject({ status: 403, code: 'private_address' });
  expect([door.seen, secret.seen]).toEqual([['/'], []]);
});

it('with a `fetch` of the user’s, addresses and redirects are looked at all the same', async () => {
  const asked: string[] = [];
  const fetch = async (input: unknown) => {
    asked.push(String(input));
    return new Response(null, { status: 302, headers: { location: 'http://10.0.0.1/' } });
  };
  const transport = createTransport({ fetch: fetch as typeof globalThis.fetch, publicOnly: { except: [] } });
  const send = (url: string) => transport.send({ method: 'GET', url, headers: {} }, signal);
  await expect(send('http://192.168.0.1/')).rejects.toMatchObject({ status: 403 });
  await expect(send('http://example.com/')).rejects.toMatchObject({ status: 403 });
  expect(asked).toEqual(['http://example.com/']);
});

/** Sends through undici's own agent, with names that resolve as `addresses` say. */
function dispatch(url: string, addresses: Readonly<Record<string, readonly string[]>>, except: readonly string[] = []) {
  const lookups: string[] = [];
  const lookup: SystemLookup = (hostname, _options, done) => {
    lookups.push(hostname);
    done(
      null,
      (addresses[hostname] ?? []).map((address) => ({ address, family: 4 })),
    );
  };
  void new Response('');
  const inUse = (globalThis as unknown as Record<symbol, object>)[Symbol.for('undici.globalDispatcher.1')];
  const agent = guardedAgent(inUse ?? {}, { except }, lookup) as {
    dispatch(options: object, handler: object): void;
    close(): void;
  };
  onTestFinished(() => agent.close());
  const { origin, pathname } = new URL(url);
  const done = new Promise<number>((resolve, reject) => {
    const handler = {
      onConnect: () => undefined,
      onHeaders: (status: number) => resolve(status),
      onData: () => true,
      onComplete: () => undefined,
      onError: reject,
    };
    agent.dispatch({ origin, path: pathname, method: 'GET', headers: [] }, handler);
  });
  return { done, lookups };
}

it('a name that leads to a private address is refused by the lookup that connects', async () => {
  const { port, seen } = await local();
  const { done, lookups } = dispatch(`http://rebound.example.com:${port}/`, { 'rebound.example.com': ['127.0.0.1'] });
  await expect(done).rejects.toMatchObject({ code: 'ERR_PRIVATE_ADDRESS' });
  expect([lookups, seen]).toEqual([['rebound.example.com'], []]);
});

it('one private address among several is one too many', async () => {
  const { port, seen } = await local();
  const { done } = dispatch(`http://mixed.example.com:${port}/`, { 'mixed.example.com': ['203.0.114.1', '127.0.0.1'] });
  await expect(done).rejects.toMatchObject({ code: 'ERR_PRIVATE_ADDRESS' });
  expect(seen).toEqual([]);
});

it('an excepted name may lead anywhere, and is looked up once', async () => {
  const { port, seen } = await local();
  const names = { 'models.example.com': ['127.0.0.1'] };
  const { done, lookups } = dispatch(`http://models.example.com:${port}/a`, names, ['models.example.com']);
  expect(await done).toBe(200);
  expect([lookups, seen]).toEqual([['models.example.com'], ['/a']]);
});

it('an agent that is not undici’s own cannot be guarded', () => {
  expect(guardedAgent(new (class ProxyAgent {})(), { except: [] })).toBeUndefined();
});
