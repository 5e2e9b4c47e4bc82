import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ReplyBehaviour, type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { anthropicHeaders, bearer, chatBody, dataOf, messageBody, send } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ defaults: { text: 'one two three four' } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

const streamBody = { ...chatBody, stream: true };

function chat(reply: ReplyBehaviour, body: unknown = chatBody, more: { leaveAfter?: number } = {}) {
  simulator.script('openai', [{ text: 'one two three four', ...reply }]);
  return send(`${simulator.baseUrl('openai')}/chat/completions`, { headers: bearer, body, ...more });
}

const last = () => simulator.requests('openai').at(-1);

describe('dead wires', () => {
  it('resets before the headers', async () => {
    expect(await chat({ reset: 'before-headers' })).toMatchObject({ status: 0, error: 'ECONNRESET' });
    expect(last()).toMatchObject({ status: undefined, aborted: false });
  });

  it('resets half way through a body', async () => {
    const whole = await chat({});
    const { status, text, error, headers } = await chat({ reset: 'in-body' });
    expect({ status, error, length: headers['content-length'] }).toEqual({
      status: 200,
      error: 'ECONNRESET',
      length: whole.headers['content-length'],
    });
    expect(Buffer.byteLength(text)).toBe(Math.ceil(Buffer.byteLength(whole.text) / 2));
    expect(last()).toMatchObject({ status: 200, aborted: false });
  });

  it.each([
    [{ reset: 'in-stream' }, 4],
    [{ reset: 'in-stream', cutAfterChunks: 1 }, 1],
    [{ reset: 'in-body' }, 4],
  ] as const)('%j resets a stream after %i whole events', async (reply, events) => {
    const { status, text, error } = await chat(reply, streamBody);
    expect({ status, error }).toEqual({ status: 200, error: 'ECONNRESET' });
    expect(dataOf(text)).toHaveLength(events);
    expect(text.endsWith('\n\n')).toBe(true);
  });

  it('never answers when silent, and notices that the client leaves', async () => {
    simulator.script('openai', [{ silent: true }]);
    const signal = AbortSignal.timeout(60);
    const url = `${simulator.baseUrl('openai')}/chat/completions`;
    const asked = fetch(url, { method: 'POST', headers: bearer, body: JSON.stringify(chatBody), signal });
    await expect(asked).rejects.toThrow('aborted');
    await expect.poll(() => last()).toMatchObject({ status: undefined, aborted: true });
  });
});

describe('streams cut short', () => {
  it('ends after some events as if all were well', async () => {
    const { text, error } = await chat({ cutAfterChunks: 2 }, streamBody);
    expect(error).toBeUndefined();
    expect(dataOf(text)).toHaveLength(2);
  });

  it('stalls after some events, and notices that the client leaves', async () => {
    const { text, error } = await chat({ stallAfterChunks: 2 }, streamBody, { leaveAfter: 2 });
    expect(error).toBeUndefined();
    expect(dataOf(text)).toHaveLength(2);
    await expect.poll(() => last()).toMatchObject({ status: 200, aborted: true });
  });

  it('stalls before the first event with headers alone', async () => {
    simulator.script('openai', [{ stallAfterChunks: 0 }]);
    const abort = new AbortController();
    const response = await fetch(`${simulator.baseUrl('openai')}/chat/completions`, {
      method: 'POST',
      headers: bearer,
      body: JSON.stringify(streamBody),
      signal: abort.signal,
    });
    expect(response.status).toBe(200);
    abort.abort();
    await expect.poll(() => last()?.aborted).toBe(true);
  });

  it('leaves the end marker out', async () => {
    const { text } = await chat({ noDone: true }, streamBody);
    expect(dataOf(text).at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    simulator.script('anthropic', [{ noDone: true }]);
    const url = `${simulator.baseUrl('anthropic')}/messages`;
    const message = await send(url, { headers: anthropicHeaders, body: { ...messageBody, stream: true } });
    expect(dataOf(message.text).at(-1)).toMatchObject({ type: 'message_delta' });
  });

  it('leaves whole replies alone', async () => {
    const reply = { cutAfterChunks: 0, stallAfterChunks: 0, errorEventAt: 0, malformedChunkAt: 0 };
    expect(JSON.parse((await chat(reply)).text)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
  });
});

describe('streams gone wrong', () => {
  it('breaks the JSON of one event', async () => {
    const { text } = await chat({ malformedChunkAt: 1 }, streamBody);
    const lines = text.split('\n\n').filter((line) => line !== '');
    expect(() => JSON.parse(lines[1]?.slice('data: '.length) ?? '{}')).toThrow(SyntaxError);
    expect(lines).toHaveLength(7);
    expect(JSON.parse(lines[2]?.slice('data: '.length) ?? '')).toMatchObject({
      choices: [{ delta: { content: ' two' } }],
    });
  });

  it('puts an error in the place of an event, and nothing after it', async () => {
    const { status, text } = await chat({ errorEventAt: 2, error: 'rate_limit' }, streamBody);
    expect(status).toBe(200);
    expect(dataOf(text).slice(2)).toEqual([
      { error: { message: expect.any(String), type: 'requests', param: null, code: 'rate_limit_exceeded' } },
    ]);
  });

  it('an error after the last event comes without an end marker', async () => {
    const { text } = await chat({ errorEventAt: 99, error: 'server' }, streamBody);
    expect(dataOf(text).slice(-2)).toMatchObject([
      { choices: [{ finish_reason: 'stop' }] },
      { error: { type: 'server_error' } },
    ]);
    expect(text).not.toContain('[DONE]');
  });

  it("uses Anthropic's error event", async () => {
    simulator.script('anthropic', [{ errorEventAt: 3 }]);
    const url = `${simulator.baseUrl('anthropic')}/messages`;
    const { text } = await send(url, { headers: anthropicHeaders, body: { ...messageBody, stream: true } });
    expect(text.trimEnd().split('\n\n').slice(3)).toEqual([
      expect.stringMatching(/^event: error\ndata: \{"type":"error"/),
    ]);
    expect(dataOf(text).at(-1)).toMatchObject({
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded' },
    });
  });

  it('uses the error event of the Responses API', async () => {
    simulator.script('openai', [{ errorEventAt: 2, error: 'server' }]);
    const url = `${simulator.baseUrl('openai')}/responses`;
    const { text } = await send(url, { headers: bearer, body: { model: 'm', input: 'Hi', stream: true } });
    expect(dataOf(text).at(-1)).toMatchObject({ type: 'error', code: 'server_error' });
  });

  it('an error without a place in the stream is an answer of its own', async () => {
    expect((await chat({ error: 'overloaded' }, streamBody)).status).toBe(503);
  });
});

describe('bodies gone wrong', () => {
  it.each([
    [{}, 200],
    [{ status: 502 }, 502],
  ])('sends HTML with %j', async (reply, status) => {
    const received = await chat({ ...reply, html: true });
    expect(received.status).toBe(status);
    expect(received.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(received.text).toMatch(/^<!doctype html>/);
  });

  it('sends an error with status 200', async () => {
    const { status, text } = await chat({ errorIn200: true, error: 'overloaded' });
    expect(status).toBe(200);
    expect(JSON.parse(text).error.type).toBe('server_error');
  });

  it('ends JSON half way, with a length that matches', async () => {
    const { status, text, error, headers } = await chat({ truncatedJson: true });
    expect({ status, error }).toEqual({ status: 200, error: undefined });
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it.each([
    ['plain words', 'text/plain; charset=utf-8', 'plain words'],
    [{ detail: 'no' }, 'application/json', '{"detail":"no"}'],
    [null, 'application/json', 'null'],
  ])('sends %j as it is, to any path', async (body, type, text) => {
    simulator.script('openai', [{ status: 503, body }]);
    const received = await send(`${simulator.url}/openai/anything`, { headers: bearer, body: chatBody });
    expect(received).toMatchObject({ status: 503, text, headers: { 'content-type': type } });
  });

  it('sends headers given, over its own but for its label', async () => {
    const { headers } = await chat({ headers: { 'X-Request-ID': 'mine', 'content-type': 'application/problem+json' } });
    expect(headers).toMatchObject({
      'x-request-id': 'mine',
      'content-type': 'application/problem+json',
      'x-modelmux-simulator': 'true',
    });
  });

  it('a status below 400 is a reply with that status', async () => {
    const { status, text } = await chat({ status: 201 });
    expect([status, JSON.parse(text).object]).toEqual([201, 'chat.completion']);
  });

  it.each([
    [7, { 'retry-after': '7' }],
    [1.5, { 'retry-after': '1.5' }],
    ['Wed, 21 Oct 2015 07:28:00 GMT', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }],
    [{ ms: 250 }, { 'retry-after-ms': '250' }],
  ])('tells when to come back: %j', async (retryAfter, headers) => {
    expect((await chat({ status: 429, retryAfter })).headers).toMatchObject(headers);
  });
});

describe('unusual but lawful bytes', () => {
  it('ends lines in CR LF and writes comments', async () => {
    const { text } = await chat({ crlf: true, comments: true }, streamBody);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(text.match(/^: ping\r$/gm)).toHaveLength(7);
    expect(dataOf(text)).toHaveLength(7);
  });

  it('splits a stream into pieces that cut characters', async () => {
    const { chunks, text } = await chat({ text: 'añ🙂'.repeat(5), splitBytes: 3 }, streamBody);
    expect(chunks.slice(0, -1).every((chunk) => chunk.length === 3)).toBe(true);
    expect(chunks.some((chunk) => chunk.toString().includes('\ufffd'))).toBe(true);
    const said = dataOf(text).slice(1, -2) as { choices: [{ delta: { content: string } }] }[];
    expect(said.map(({ choices: [choice] }) => choice.delta.content).join('')).toBe('añ🙂'.repeat(5));
  });

  it('drips one byte at a time', async () => {
    const startedAt = performance.now();
    const { text, error } = await chat({ body: 'twenty bytes of text', dripBytesMs: 2 });
    expect({ text, error }).toEqual({ text: 'twenty bytes of text', error: undefined });
    // A timer may fire up to a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThan(19);
  });

  it('compresses a whole body', async () => {
    const { headers, chunks } = await chat({ gzip: true });
    expect(headers['content-encoding']).toBe('gzip');
    expect(Number(headers['content-length'])).toBe(Buffer.concat(chunks).length);
    expect(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()).object).toBe('chat.completion');
  });

  it('compresses a stream into one gzip member', async () => {
    const { headers, chunks } = await chat({ gzip: true }, streamBody);
    expect(headers['content-encoding']).toBe('gzip');
    expect(dataOf(gunzipSync(Buffer.concat(chunks)).toString()).at(-1)).toBe('[DONE]');
  });

  it('compresses so that each event can be read when it comes', async () => {
    simulator.script('openai', [{ gzip: true, stallAfterChunks: 2 }]);
    const abort = new AbortController();
    const response = await fetch(`${simulator.baseUrl('openai')}/chat/completions`, {
      method: 'POST',
      headers: bearer,
      body: JSON.stringify(streamBody),
      signal: abort.signal,
    });
    let text = '';
    for await (const bytes of response.body ?? []) {
      text += Buffer.from(bytes as Uint8Array).toString();
      if (dataOf(text).length === 2) break;
    }
    expect(dataOf(text)).toMatchObject([
      { choices: [{ delta: { role: 'assistant' } }] },
      { choices: [{ delta: { content: 'This' } }] },
    ]);
    abort.abort();
  });
});
