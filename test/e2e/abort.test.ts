import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { APIUserAbortError, type Config, type PortkeyOptions } from '../../src/index.ts';
import { closed, pause, startHttp, startTcp, until } from '../providers/transport/servers.ts';
import { manualClock } from '../support/manual-clock.ts';
import { errorOf, fallback, hello, helloStream, inShort, simulated, textOf } from '../support/simulated.ts';

const simulator = simulated();

/** A signal of the caller's that counts who listens to it. */
function countedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  const { addEventListener, removeEventListener } = signal;
  Object.assign(signal, {
    addEventListener(...given: Parameters<AbortSignal['addEventListener']>) {
      count++;
      addEventListener.apply(signal, given);
    },
    removeEventListener(...given: Parameters<AbortSignal['removeEventListener']>) {
      count--;
      removeEventListener.apply(signal, given);
    },
  });
  return { signal, abort: () => controller.abort(), listeners: () => count };
}

/** A client over `first` and a sound second target, and what it tells. */
function client(first: object, options: PortkeyOptions = {}) {
  const portkey = simulator.client(fallback([first, simulator.target('second', { provider: 'openai' })]), options);
  const log: string[] = [];
  portkey
    .on('attempt-end', ({ attempt }) => log.push(`attempt ${attempt.outcome}`))
    .on('request-end', ({ outcome }) => log.push(`request ${outcome.result}`));
  return { portkey, log };
}

function openaiAt(base: string): Config {
  return { provider: 'openai', api_key: 'k', custom_host: `${base}/v1` };
}

it('asks nobody when the signal has aborted before the call', async () => {
  const { portkey, log } = client(simulator.target('openai'));
  const { signal, abort, listeners } = countedSignal();
  abort();
  const error = await errorOf(portkey.chat.completions.create(hello, {}, { signal }), APIUserAbortError);
  expect(error).toMatchObject({ kind: 'aborted', attempts: [], cause: signal.reason });
  expect([simulator.called(), log, listeners()]).toEqual([[], ['request aborted'], 0]);
});

it('leaves a connection that is being made', async () => {
  // Takes connections in the backlog and never answers.
  let isAsked = false;
  const server = createServer({ pauseOnConnect: true }, () => {
    isAsked = true;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { readonly port: number };
  const { portkey, log } = client(openaiAt(`https://127.0.0.1:${port}`));
  const { signal, abort, listeners } = countedSignal();
  const call = errorOf(portkey.chat.completions.create(hello, {}, { signal }), APIUserAbortError);
  await until(() => isAsked);
  abort();
  expect(inShort((await call).attempts)).toEqual(['targets[0] openai aborted - aborted']);
  expect([simulator.called(), log, listeners()]).toEqual([[], ['attempt aborted', 'request aborted'], 0]);
});

it('closes the socket while headers are waited for', async () => {
  const server = await startTcp((socket) => socket.resume());
  const { portkey, log } = client(openaiAt(server.base));
  const { signal, abort, listeners } = countedSignal();
  const call = errorOf(portkey.chat.completions.create(hello, {}, { signal }), APIUserAbortError);
  await until(() => (server.sockets[0]?.bytesRead ?? 0) > 0);
  abort();
  await Promise.all([call, closed(server.sockets[0])]);
  expect([simulator.called(), log, listeners()]).toEqual([[], ['attempt aborted', 'request aborted'], 0]);
});

it('closes the socket in the middle of a body', async () => {
  const server = await startHttp((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"id":');
  });
  const { portkey, log } = client(openaiAt(server.base));
  const { signal, abort, listeners } = countedSignal();
  const call = errorOf(portkey.chat.completions.create(hello, {}, { signal }), APIUserAbortError);
  await until(() => (server.sockets[0]?.bytesWritten ?? 0) > 0);
  await pause(10);
  abort();
  await Promise.all([call, closed(server.sockets[0])]);
  expect([simulator.called(), log, listeners()]).toEqual([[], ['attempt aborted', 'request aborted'], 0]);
});

it('closes the socket in the middle of a stream', async () => {
  simulator.behave('openai', { stallAfterChunks: 3 });
  const { portkey, log } = client(simulator.target('openai'));
  const { signal, abort, listeners } = countedSignal();
  const stream = await portkey.chat.completions.create(helloStream, {}, { signal });
  expect(listeners()).toBe(1);
  let read = 0;
  const readAll = async () => {
    for await (const _ of stream) read++;
  };
  const reading = errorOf(readAll(), APIUserAbortError);
  await until(() => read === 3);
  abort();
  expect(await reading).toMatchObject({ kind: 'aborted', received: { chunkCount: 3 } });
  await until(() => simulator.requests('openai')[0]?.aborted === true);
  expect([simulator.called(), log, listeners()]).toEqual([['openai'], ['attempt aborted', 'request aborted'], 0]);
});

it('does not try again when the caller leaves during the wait', async () => {
  simulator.behave('openai', { status: 500 });
  const clock = manualClock();
  const { portkey, log } = client(simulator.target('openai', { retry: { attempts: 3 } }), { clock });
  const { signal, abort, listeners } = countedSignal();
  const call = errorOf(portkey.chat.completions.create(hello, {}, { signal }), APIUserAbortError);
  await until(() => clock.pending === 1);
  abort();
  expect(inShort((await call).attempts)).toEqual(['targets[0] openai failure 500 server']);
  expect([simulator.called(), log, listeners(), clock.pending]).toEqual([
    ['openai'],
    ['attempt failure', 'request aborted'],
    0,
    0,
  ]);
});

/** A lookup that never ends. */
function hanging() {
  let isAsked = false;
  const look = () => {
    isAsked = true;
    return new Promise<never>(() => undefined);
  };
  return { look, asked: () => until(() => isAsked) };
}

it('does not wait for a virtual key that is being looked up', async () => {
  const { look, asked } = hanging();
  const { portkey, log } = client({ virtual_key: 'slow' }, { vault: look });
  const { signal, abort, listeners } = countedSignal();
  const call = errorOf(portkey.chat.completions.create(hello, {}, { signal }), APIUserAbortError);
  await asked();
  abort();
  expect((await call).attempts).toHaveLength(1);
  expect([log, listeners()]).toEqual([['attempt aborted', 'request aborted'], 0]);
});

it('counts the lookup of a virtual key into request_timeout', async () => {
  const clock = manualClock();
  const { look, asked } = hanging();
  const { portkey } = client({ virtual_key: 'slow', request_timeout: 1000 }, { vault: look, clock });
  const call = portkey.chat.completions.create(hello);
  await asked();
  clock.advance(1000);
  expect(inShort((await call).attempts)).toEqual(['targets[0] failure 408 timeout', 'targets[1] openai success 200']);
});

it('does not wait for a config that is being looked up', async () => {
  const { look, asked } = hanging();
  const portkey = simulator.client('pc-slow', { configs: look });
  const { signal, abort, listeners } = countedSignal();
  const call = errorOf(portkey.chat.completions.create(hello, {}, { signal }), APIUserAbortError);
  await asked();
  abort();
  await call;
  expect(listeners()).toBe(0);
});

it('leaves no listener on a signal that serves a hundred calls, and no warning', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const { signal, listeners } = countedSignal();
  const { portkey } = client(simulator.target('openai', { request_timeout: 5000 }));
  const call = async (index: number) => {
    if (index % 2 === 0) return portkey.chat.completions.create(hello, {}, { signal });
    return textOf(await portkey.chat.completions.create(helloStream, {}, { signal }));
  };
  for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 10 }, (_, index) => call(index)));
  await expect.poll(listeners).toBe(0);
  expect(warnings).toEqual([]);
  expect(simulator.requests('openai')).toHaveLength(100);
});
