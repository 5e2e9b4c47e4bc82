import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APIUserAbortError } from '../../src/core/errors/connection-errors.ts';
import { PortkeyError } from '../../src/core/errors/portkey-error.ts';
import { attachHeaders } from '../../src/resources/reply-value.ts';
import { ResponsePromise } from '../../src/resources/response-promise.ts';
import type { ServedReply } from '../../src/resources/served-reply.ts';
import { streamOf } from '../../src/resources/stream.ts';
import { attempts, collect, fakeChunks, served, servedJson, servedStream } from './fakes.ts';

const completion = { id: 'c1', object: 'chat.completion', choices: [] };
const jsonValue = (reply: ServedReply) => {
  if (reply.reply.body.kind !== 'json') throw new Error('not JSON');
  return attachHeaders({ ...reply.reply.body.value }, reply);
};
const whole = (reply = servedJson(completion)) => new ResponsePromise(Promise.resolve(reply), jsonValue);
const streamed = (reply: ServedReply) => new ResponsePromise(Promise.resolve(reply), streamOf<{ n: number }>);
const failed = (error: unknown) => new ResponsePromise(Promise.reject<ServedReply>(error), jsonValue);

describe('awaited', () => {
  it('is its value', async () => {
    expect(await whole()).toEqual(completion);
    expect(await whole().then((value) => value['id'])).toBe('c1');
  });

  it('takes one turn of the microtask queue more than the promise it is made of', async () => {
    const turns = async (promise: Promise<unknown>) => {
      let settled = false;
      let count = 0;
      const waiting = (async () => {
        await promise;
        settled = true;
      })();
      for (; !settled && count < 20; count += 1) await null;
      await waiting;
      return count;
    };
    const bare = await turns(Promise.resolve(servedJson(completion)));
    expect(await turns(whole())).toBe(bare + 1);
  });

  it('is a promise in every way', async () => {
    const promise = whole();
    expect(promise).toBeInstanceOf(Promise);
    expect(promise).toBeInstanceOf(ResponsePromise);
    expect(Promise.resolve(promise)).toBe(promise);
    expect(await Promise.all([promise, promise])).toEqual([completion, completion]);
    let last = false;
    await promise.finally(() => {
      last = true;
    });
    expect(last).toBe(true);
  });

  it('rejects with what the call rejected with, and with what making the value throws', async () => {
    const error = new PortkeyError('server', 'down');
    await expect(failed(error)).rejects.toBe(error);
    await expect(whole(served({ kind: 'bytes', bytes: new Uint8Array() }))).rejects.toThrow('not JSON');
  });
});

describe('a failure', () => {
  const unhandled = async (act: (promise: ResponsePromise<object>) => unknown) => {
    const seen: unknown[] = [];
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => seen.push(reason));
    try {
      act(failed('down'));
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of others) process.on('unhandledRejection', listener);
    }
    return seen;
  };
  const caught = () => undefined;

  it.each<[string, (promise: ResponsePromise<object>) => unknown]>([
    ['nothing at all', () => undefined],
    ['then()', (promise) => promise.then(caught)],
    ['asResponse()', (promise) => promise.asResponse()],
    ['withResponse()', (promise) => promise.withResponse()],
    ['map()', (promise) => promise.map(caught)],
    ['asResponse() of map()', (promise) => promise.map(caught).asResponse()],
  ])('is reported unhandled exactly once after %s', async (_what, act) => {
    expect(await unhandled(act)).toEqual(['down']);
  });

  it.each<[string, (promise: ResponsePromise<object>) => unknown]>([
    ['catch()', (promise) => promise.catch(caught)],
    ['asResponse()', (promise) => promise.asResponse().catch(caught)],
    ['withResponse()', (promise) => promise.withResponse().catch(caught)],
    ['map()', (promise) => promise.map(caught).catch(caught)],
    ['asResponse() of map()', (promise) => promise.map(caught).asResponse().catch(caught)],
  ])('is not reported when it is caught on %s', async (_what, act) => {
    expect(await unhandled(act)).toEqual([]);
  });
});

describe('withResponse()', () => {
  it('tells value, response, request ID of the provider, trace ID and attempts', async () => {
    const { data, response, ...rest } = await whole(
      servedJson(completion, { url: 'https://api.groq.com/openai/v1/chat/completions' }),
    ).withResponse();
    expect(data).toEqual(completion);
    expect(rest).toEqual({ request_id: 'req_provider', trace_id: 't1', attempts });
    expect(response).toBeInstanceOf(Response);
    expect(response.status).toBe(200);
    expect(response.ok).toBe(true);
    expect(response.url).toBe('https://api.groq.com/openai/v1/chat/completions');
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/json',
      'x-request-id': 'req_provider',
      'x-portkey-request-id': 'r1',
      'x-portkey-trace-id': 't1',
      'x-portkey-cache-status': 'MISS',
      'x-portkey-last-used-option-index': 'config.targets[1]',
      'x-portkey-retry-attempt-count': '0',
      'x-portkey-provider': 'groq',
    });
    expect(await response.json()).toEqual(completion);
  });

  it('says null where the provider sent no request ID', async () => {
    const reply = servedJson(completion);
    const { request_id } = await whole({ ...reply, reply: { ...reply.reply, headers: {} } }).withResponse();
    expect(request_id).toBeNull();
  });

  it('leaves the chunks of a stream to its data', async () => {
    const { data, response } = await streamed(servedStream(fakeChunks([{ n: 1 }]))).withResponse();
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await expect(response.text()).rejects.toThrow('use asResponse()');
    expect(await collect(data)).toEqual([{ n: 1 }]);
  });
});

describe('asResponse()', () => {
  it('is an unread response with the JSON of the reply', async () => {
    const response = await whole().asResponse();
    expect(response.bodyUsed).toBe(false);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('content-length')).toBeNull();
    expect(await response.text()).toBe('{"id":"c1","object":"chat.completion","choices":[]}');
  });

  it('is an unread response with the bytes of the reply, of the type the provider said', async () => {
    const reply = served({ kind: 'bytes', bytes: new Uint8Array([1, 2, 255]) });
    const promise = new ResponsePromise(Promise.resolve(reply), () => undefined);
    const response = await promise.asResponse();
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect([...(await response.bytes())]).toEqual([1, 2, 255]);
  });

  it('has no body where the status allows none', async () => {
    const reply = servedJson({});
    const response = await whole({ ...reply, reply: { ...reply.reply, status: 204 } }).asResponse();
    expect([response.status, response.body]).toEqual([204, null]);
  });

  it('is the whole stream as server-sent events', async () => {
    const response = await streamed(servedStream(fakeChunks([{ n: 1 }, { n: 2 }]))).asResponse();
    expect(await response.text()).toBe('data: {"n":1}\n\ndata: {"n":2}\n\ndata: [DONE]\n\n');
  });

  it('names events that have a type, and sends no [DONE] after them', async () => {
    const response = await streamed(servedStream(fakeChunks([{ type: 'response.created' }]))).asResponse();
    expect(await response.text()).toBe('event: response.created\ndata: {"type":"response.created"}\n\n');
  });

  it('reads a stream as its body is read, and closes the socket when the body is cancelled', async () => {
    const chunks = fakeChunks([{ n: 1 }, { n: 2 }]);
    const { body } = await streamed(servedStream(chunks)).asResponse();
    expect(chunks.asked()).toBe(0);
    const reader = body?.getReader();
    await reader?.read();
    expect(chunks.asked()).toBe(1);
    await reader?.cancel();
    expect(chunks.closed()).toBe(true);
  });

  it('fails the body of a stream on controller.abort()', async () => {
    const chunks = fakeChunks([{ n: 1 }], { hang: true });
    const reply = servedStream(chunks);
    const response = await streamed(reply).asResponse();
    const text = response.text();
    reply.controller.abort();
    await expect(text).rejects.toBeInstanceOf(APIUserAbortError);
    expect(chunks.closed()).toBe(true);
  });

  it('fails the body of a stream with what the stream throws', async () => {
    const error = new PortkeyError('network', 'reset');
    const response = await streamed(servedStream(fakeChunks([], { error }))).asResponse();
    await expect(response.text()).rejects.toBe(error);
  });

  it('and the value of a stream exclude each other', async () => {
    const promise = streamed(servedStream(fakeChunks([{ n: 1 }])));
    await promise.asResponse();
    await expect(collect(await promise)).rejects.toThrow('already being read');
  });
});

describe('map()', () => {
  it('is a promise of another value that tells about the same response', async () => {
    const promise = whole().map((value) => Object.keys(value));
    const { data, trace_id } = await promise.withResponse();
    expect(data).toEqual(['id', 'object', 'choices']);
    expect(trace_id).toBe('t1');
    expect(await (await promise.asResponse()).json()).toEqual(completion);
  });

  it('rejects with what the transformation throws, while asResponse() does not', async () => {
    const promise = whole().map(() => {
      throw new Error('unwanted');
    });
    await expect(promise).rejects.toThrow('unwanted');
    expect((await promise.asResponse()).status).toBe(200);
  });
});

describe("a stream's response", () => {
  const chunk = { id: 'c', choices: [{ index: 0, delta: { content: 'Grüße 🎉' }, finish_reason: null }] };
  let server: ReturnType<typeof createServer>;
  let client: OpenAI;
  beforeAll(async () => {
    server = createServer(async (_request, response) => {
      const chunks = fakeChunks([chunk]);
      const raw = await streamed(servedStream(chunks)).asResponse();
      response.writeHead(raw.status, Object.fromEntries(raw.headers));
      response.end(await raw.bytes());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new OpenAI({ apiKey: 'k', baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` });
  });
  afterAll(() => void server.close());

  it('is understood by the openai package', async () => {
    const stream = await client.chat.completions.create({ model: 'm', messages: [], stream: true });
    expect(await collect(stream)).toEqual([chunk]);
  });
});
