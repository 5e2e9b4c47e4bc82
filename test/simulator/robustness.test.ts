import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { bodyLimit } from '../../src/simulator/incoming.ts';
import { type Behaviour, type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { bearer, chatBody, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const chat = (body: unknown = chatBody) =>
  send(`${simulator.baseUrl('openai')}/chat/completions`, { headers: bearer, body });
const stillServes = async () => expect((await chat()).status).toBe(200);

it('a match function that throws ends one request, and says so', async () => {
  simulator.behave('openai', {
    match: () => {
      throw new Error('my own fault');
    },
  });
  const { status, headers, text } = await chat();
  expect([status, headers['x-modelmux-simulator']]).toEqual([500, 'true']);
  expect(JSON.parse(text)).toEqual({ error: { message: 'modelmux simulator: my own fault', type: 'simulator_error' } });
  simulator.behave('openai', {});
  await stillServes();
});

it('a header that HTTP does not allow ends one request', async () => {
  simulator.script('openai', [{ headers: { 'x-bad': 'a\nb' } }]);
  expect((await chat()).status).toBe(500);
  await stillServes();
});

it.each([
  '/openai/v1/models/%zz',
  '/azure-openai/openai/deployments/%zz/embeddings?api-version=1',
  '/google/v1beta/models/%zz:countTokens',
  '/bedrock/model/%zz/converse',
  '/%zz/v1/models',
  '//',
  '/openai/',
])('%s is answered', async (path) => {
  for (const method of ['GET', 'POST']) {
    expect((await send(`${simulator.url}${path}`, { method, headers: bearer })).status).toBeGreaterThanOrEqual(200);
  }
  await stillServes();
});

it('a client that leaves half way through its request is forgotten', async () => {
  const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.end('POST /openai/v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"model"');
  socket.resume();
  await once(socket, 'close');
  await stillServes();
  expect(simulator.requests()).toHaveLength(1);
});

it('nonsense instead of HTTP is a 400 of the server', async () => {
  const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
  socket.write('nonsense\r\n\r\n');
  const [bytes] = await once(socket, 'data');
  expect(String(bytes)).toMatch(/^HTTP\/1\.1 400 /);
  await stillServes();
});

it('a body that is too long is a 413 in the provider’s words', async () => {
  const { status, text } = await chat('x'.repeat(bodyLimit + 1));
  expect([status, JSON.parse(text).error.message]).toEqual([413, 'The request is too large.']);
  expect(simulator.requests('openai')[0]?.body).toBeUndefined();
});

it('answers many requests on one connection, in order', async () => {
  const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1').setEncoding('utf8');
  const body = (text: string) => JSON.stringify({ ...chatBody, messages: [{ role: 'user', content: `echo:${text}` }] });
  const asked = (text: string) =>
    `POST /openai/v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\ncontent-length: ${body(text).length}\r\n\r\n${body(text)}`;
  socket.write(['one', 'two', 'six'].map(asked).join(''));
  let received = '';
  for await (const text of socket) {
    received += text;
    if (received.split('"simulator"}').length > 3) break;
  }
  expect([...received.matchAll(/"content":"(\w+)"/g)].map(([, text]) => text)).toEqual(['one', 'two', 'six']);
});

it('takes every field that the types name', async () => {
  const everything: Required<Behaviour> = {
    when: { key: 'k', model: 'm' },
    match: () => true,
    latencyMs: [0, 1],
    firstTokenMs: 0,
    tokensPerSecond: 0,
    text: 'x',
    reasoning: 'x',
    toolCalls: [{ name: 'f', arguments: {}, id: 'c' }],
    jsonObject: {},
    refusal: 'x',
    contentFilter: true,
    finishReason: 'x',
    usage: { inputTokens: 1, outputTokens: 1, cachedTokens: 1, cacheWriteTokens: 1, reasoningTokens: 1 },
    status: 200,
    error: 'server',
    retryAfter: { ms: 1 },
    headers: { a: 'b' },
    body: 'x',
    outage: false,
    errorRate: 0,
    reset: 'in-body',
    cutAfterChunks: 0,
    stallAfterChunks: 0,
    silent: false,
    malformedChunkAt: 0,
    errorEventAt: 0,
    html: false,
    errorIn200: false,
    truncatedJson: false,
    dripBytesMs: 0,
    splitBytes: 1,
    crlf: false,
    noDone: false,
    comments: false,
    gzip: false,
    keys: ['k'],
    keyRequired: true,
    models: ['m'],
    rateLimit: { requests: 1, perMs: 1 },
    maxConcurrency: 1,
  };
  expect(() => simulator.behave('openai', everything)).not.toThrow();
  const { keys: _k, keyRequired: _r, models: _m, rateLimit: _l, maxConcurrency: _c, ...reply } = everything;
  expect(() => simulator.script('openai', [reply])).not.toThrow();
});
