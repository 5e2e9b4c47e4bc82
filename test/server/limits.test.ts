import { request } from 'node:http';
import { expect, it } from 'vitest';
import { manualClock } from '../support/manual-clock.ts';
import { served } from '../support/served.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();
const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] };
const json = { 'content-type': 'application/json' };

async function post(url: string, body: BodyInit, headers: Record<string, string> = json) {
  const init = { method: 'POST', headers, body, duplex: 'half' };
  const response = await fetch(`${url}/v1/chat/completions`, init as RequestInit);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

function inPieces(...pieces: readonly string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
}

const configured = (more: object = {}) => served({ config: simulator.target('openai'), ...more });

it('a body past the limit is refused, announced or in pieces', async () => {
  const { url } = await configured({ limits: { bodyBytes: 200 } });
  const large = JSON.stringify({ ...chat, user: 'x'.repeat(200) });
  for (const body of [large, inPieces(large.slice(0, 150), large.slice(150))]) {
    expect(await post(url, body)).toMatchObject({
      status: 413,
      body: {
        error: { code: 'body_too_large', message: 'The body is larger than the 200 bytes that this server takes.' },
      },
    });
  }
  expect((await post(url, inPieces(JSON.stringify(chat)))).status).toBe(200);
  expect(simulator.requests()).toHaveLength(1);
});

it.each([
  ['{"model": "gpt-4o", oops}', 'The body is not valid JSON: unexpected token at position 20 (line 1, column 21).'],
  ['{\n  "model": \n}', 'The body is not valid JSON: unexpected token at position 14 (line 3, column 1).'],
  ['{"model": "gpt-4o"', 'The body is not valid JSON: unexpected token at position 18 (line 1, column 19).'],
  ['["gpt-4o"]', 'The body must be a JSON object.'],
  ['null', 'The body must be a JSON object.'],
  ['{"__proto__": {"admin": true}}', 'The body has a member "__proto__", which is not accepted.'],
  ['{"a": [{"\\u005f_proto__": 1}]}', 'The body has a member "__proto__", which is not accepted.'],
  [`{"a": ${'['.repeat(100)}${']'.repeat(100)}}`, 'The body nests deeper than 100 levels.'],
  [`{"a": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`, 'The body nests deeper than 100 levels.'],
])('case %#: a body is refused with its place', async (body, message) => {
  const { url } = await configured();
  expect(await post(url, body)).toMatchObject({
    status: 400,
    body: { error: { message, type: 'invalid_request_error', param: 'body' } },
  });
  expect(simulator.requests()).toEqual([]);
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
});

it('a member named constructor is a member like any other', async () => {
  const { url } = await configured();
  const body =
    '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"metadata":{"constructor":{"prototype":{"admin":true}}}}';
  expect((await post(url, body)).status).toBe(200);
  expect(JSON.stringify(simulator.bodies('openai')[0])).toBe(body);
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
});

it.each([
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['application/jsonp', 415],
  ['', 415],
  ['application/json; charset=utf-8', 200],
  ['application/vnd.api+json', 200],
])('a body of type "%s" is answered with %i', async (type, status) => {
  const { url } = await configured();
  const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
  // A Blob without a type: `fetch` would name one for a text.
  const response = await post(url, new Blob([JSON.stringify(chat)]), headers);
  expect(response.status).toBe(status);
  if (status === 415)
    expect(response.body.error).toMatchObject({ code: 'unsupported_media_type', param: 'content-type' });
});

it('a body in a coding is refused', async () => {
  const { url } = await configured();
  const response = await post(url, JSON.stringify(chat), { ...json, 'content-encoding': 'gzip' });
  expect(response).toMatchObject({ status: 415, body: { error: { param: 'content-encoding' } } });
});

it('headers past the limit are refused, a config of 20 kB is not', async () => {
  const { url } = await configured();
  const config = JSON.stringify({ provider: 'openai', api_key: 'k', override_params: { user: 'x'.repeat(20_000) } });
  const ask = (size: number) =>
    fetch(`${url}/health`, { headers: { 'x-portkey-config': config, 'x-more': 'x'.repeat(size) } });
  expect((await ask(1)).status).toBe(200);
  expect((await ask(60_000)).status).toBe(431);
});

it('more requests in flight than allowed are turned away, and counted to the end of their streams', async () => {
  const server = await configured({ limits: { concurrency: 1 } });
  simulator.script('openai', [{ text: 'one two three four', stallAfterChunks: 2 }]);
  const controller = new AbortController();
  const stream = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ ...chat, stream: true }),
    signal: controller.signal,
  });
  expect([stream.status, server.inFlight]).toEqual([200, 1]);
  const refused = await post(server.url, JSON.stringify(chat));
  expect(refused).toMatchObject({ status: 503, body: { error: { code: 'server_busy' } } });
  expect(refused.headers.get('retry-after')).toBe('1');
  controller.abort();
  await expect.poll(() => server.inFlight).toBe(0);
  expect((await post(server.url, JSON.stringify(chat))).status).toBe(200);
});

it('a request ends when its time is over, whatever its config allows', async () => {
  const clock = manualClock();
  const { url } = await served({ trust: { customHosts: 'any' }, limits: { requestMs: 50 }, clock });
  simulator.behave('openai', { silent: true });
  const longer = { retry: { attempts: 100 }, total_timeout: 60_000, request_timeout: 60_000 };
  const headers = { ...json, 'x-portkey-config': JSON.stringify(simulator.target('openai', longer)) };
  const answer = post(url, JSON.stringify(chat), headers);
  await expect.poll(() => simulator.requests('openai')).toHaveLength(1);
  clock.advance(50);
  expect(await answer).toMatchObject({ status: 408, body: { error: { type: 'timeout_error' } } });
  await expect.poll(() => simulator.requests('openai').at(-1)?.aborted).toBe(true);
});

it('a stream that takes too long ends with an error', async () => {
  const clock = manualClock();
  const { url } = await configured({ limits: { requestMs: 100 }, clock });
  simulator.script('openai', [{ text: 'one two three four', stallAfterChunks: 2 }]);
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ ...chat, stream: true }),
  });
  expect(response.status).toBe(200);
  clock.advance(100);
  expect(await response.text()).toMatch(/data: \{"error":\{[^\n]*"type":"timeout_error"[^\n]*\n\n$/);
});

it.each([
  ['x-portkey-trace-id', 'x'.repeat(513), 'x-portkey-trace-id'],
  ['x-portkey-trace-id', 'a\tb', 'x-portkey-trace-id'],
  ['x-portkey-metadata', '{"a":"b\\r\\nx-evil: 1"}', 'x-portkey-metadata'],
  ['x-portkey-metadata', '{"a\\u0000":"b"}', 'x-portkey-metadata'],
  ['x-portkey-metadata', '{"a":', 'x-portkey-metadata'],
  ['x-portkey-metadata', '["a"]', 'x-portkey-metadata'],
  ['x-portkey-metadata', '{"__proto__":{"a":1}}', 'x-portkey-metadata'],
  ['x-portkey-config', '{"targets":', 'x-portkey-config'],
  ['x-portkey-config', '{"override_params":{"__proto__":{"a":1}}}', 'x-portkey-config'],
])('%s: %s is refused', async (name, value, param) => {
  const { url } = await configured();
  expect(await post(url, JSON.stringify(chat), { ...json, [name]: value })).toMatchObject({
    status: 400,
    body: { error: { param, type: 'invalid_request_error' } },
  });
  expect(simulator.requests()).toEqual([]);
});

it('a line break in a trace ID never comes as far as a header', async () => {
  const { url } = await configured();
  const sent = () => request(url, { headers: { 'x-portkey-trace-id': 'a\r\nx-evil: 1' } });
  expect(sent).toThrow('Invalid character in header content');
});

it.each([
  ['GET', '/', 404, 'unknown_url'],
  ['GET', '/admin', 404, 'unknown_url'],
  ['GET', '/v2/models/../../etc', 404, 'unknown_url'],
  ['PUT', '/v1/embeddings', 405, 'method_not_allowed'],
  ['GET', '/v1/messages', 405, 'method_not_allowed'],
  ['GET', '/openai/deployments/m/embeddings', 405, 'method_not_allowed'],
  ['PROPFIND', '/v1/files', 405, 'method_not_allowed'],
])('%s %s is answered with %i', async (method, path, status, code) => {
  const { url } = await configured();
  const response = await fetch(url + path, { method });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code } });
  if (status === 405) expect(response.headers.get('allow')).toMatch(/POST/);
  expect(simulator.requests()).toEqual([]);
});
