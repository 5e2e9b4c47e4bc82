import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { Portkey, type PortkeyOptions } from '../../src/index.ts';
import { closed, pause, startHttp, type TestServer, until } from '../providers/transport/servers.ts';
import { manualClock } from '../support/manual-clock.ts';
import { helloStream, textOf } from '../support/simulated.ts';

function event(delta: object, finishReason: string | null = null): string {
  const choice = { index: 0, delta, finish_reason: finishReason };
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] })}\n\n`;
}

const word = event({ content: 'a' });
const stop = event({}, 'stop');
const marker = 'data: [DONE]\n\n';

/** A server that begins an event stream for every request and leaves the rest to `write`. */
function streaming(write: (response: ServerResponse) => void): Promise<TestServer> {
  return startHttp((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      write(response);
    });
  });
}

function clientFor({ base }: TestServer, options: PortkeyOptions = {}, more: object = {}): Portkey {
  const config = { provider: 'openai', api_key: 'k', custom_host: `${base}/v1`, ...more };
  return new Portkey({ environment: {}, config, ...options });
}

it('ends at [DONE], though the server keeps the socket open', async () => {
  const server = await streaming((response) => response.write(word + stop + marker));
  const ends: string[] = [];
  const portkey = clientFor(server).on('request-end', ({ outcome }) => ends.push(outcome.result));
  expect(await textOf(await portkey.chat.completions.create(helloStream))).toBe('a');
  expect(ends).toEqual(['success']);
});

it('closes the socket of a server that keeps it open after [DONE]', async () => {
  const server = await streaming((response) => response.write(word + stop + marker));
  const clock = manualClock();
  await textOf(await clientFor(server, { clock }).chat.completions.create(helloStream));
  clock.advance(1000);
  await closed(server.sockets[0]);
  expect(clock.pending).toBe(0);
});

it('ends without [DONE] when the wire ends after a finish reason', async () => {
  const server = await streaming((response) => response.end(word + stop));
  expect(await textOf(await clientFor(server).chat.completions.create(helloStream))).toBe('a');
});

it.each([1, 100, 3000])('uses the connection again after a stream of %i words', async (count) => {
  const server = await streaming((response) => response.end(word.repeat(count) + stop + marker));
  const clock = manualClock();
  const portkey = clientFor(server, { clock });
  for (let call = 0; call < 8; call++) {
    const stream = await portkey.chat.completions.create(helloStream);
    expect(await textOf(stream)).toBe('a'.repeat(count));
    // The connection comes free with its last bytes, and a moment later in the pool.
    await until(() => clock.pending === 0);
    await pause(5);
  }
  expect(server.sockets.length).toBeLessThanOrEqual(2);
});

it('waits for content through any number of chunks without it', async () => {
  const role = event({ role: 'assistant', content: '' });
  const server = await streaming((response) => response.end(role.repeat(500) + word + stop + marker));
  const stream = await clientFor(server).chat.completions.create(helloStream);
  expect(await textOf(stream)).toBe('a');
});

it('does not take a slow reader for a silent provider', async () => {
  let sent: ServerResponse | undefined;
  const server = await streaming((response) => {
    sent = response;
    response.write(word.repeat(200));
  });
  const clock = manualClock();
  const portkey = clientFor(server, { clock }, { idle_timeout: 1000 });
  const stream = await portkey.chat.completions.create(helloStream);
  const reader = stream[Symbol.asyncIterator]();
  await reader.next();
  clock.advance(60_000);
  for (let read = 1; read < 200; read++) await reader.next();
  sent?.end(stop + marker);
  const rest = [];
  for (let next = await reader.next(); !next.done; next = await reader.next()) rest.push(next.value);
  expect(rest.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual(['stop']);
});

it('takes a provider for silent again once the reader has caught up', async () => {
  const server = await streaming((response) => response.write(word.repeat(200)));
  const clock = manualClock();
  const portkey = clientFor(server, { clock }, { idle_timeout: 1000 });
  const reader = (await portkey.chat.completions.create(helloStream))[Symbol.asyncIterator]();
  for (let read = 0; read < 200; read++) await reader.next();
  const silence = reader.next();
  clock.advance(1000);
  await expect(silence).rejects.toMatchObject({ status: 408, limit: 'idle_timeout' });
  await closed(server.sockets[0]);
});

it('leaves the time before the first content to first_token_timeout', async () => {
  let sent: ServerResponse | undefined;
  const server = await streaming((response) => {
    sent = response;
    response.write(event({ role: 'assistant' }));
  });
  const clock = manualClock();
  const portkey = clientFor(
    server,
    { clock },
    { request_timeout: 1000, idle_timeout: 1000, first_token_timeout: 30_000 },
  );
  const opened = portkey.chat.completions.create(helloStream);
  await until(() => sent !== undefined);
  // The headers are in: of the three limits only the one of the first token runs.
  await until(() => clock.pending === 1);
  clock.advance(20_000);
  sent?.end(word + stop + marker);
  expect(await textOf(await opened)).toBe('a');
});
