import { describe, expect, it } from 'vitest';
import type { CallOverrides, RequestContext } from '../../../src/core/context.ts';
import { APIConnectionTimeoutError, APIUserAbortError } from '../../../src/core/errors/connection-errors.ts';
import { PortkeyError } from '../../../src/core/errors/portkey-error.ts';
import type { Handler, ModelRequest } from '../../../src/core/handler.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Reply, ReplyOutcome } from '../../../src/core/reply.ts';
import { settlement } from '../../../src/core/settlement.ts';
import type { Store } from '../../../src/core/store.ts';
import { createChunkStream } from '../../../src/providers/transport/chunk-stream.ts';
import {
  type CachePolicy,
  cache,
  createFlights,
  createSharedVectors,
  createVectorIndex,
  guardedStore,
} from '../../../src/routing/middleware/index.ts';
import { memoryStore } from '../../../src/stores/memory.ts';
import { chatRequest, failure, replyOf, testContext, testRuntime } from '../../support/engine.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A call that the test answers. */
interface Call {
  readonly request: ModelRequest;
  readonly context: RequestContext;
  answer(reply: Reply): void;
  fail(error: unknown): void;
}

function setup(overrides: Partial<CachePolicy> = {}, makeStore?: (memory: Store) => Store) {
  const { runtime, clock, events } = testRuntime();
  const memory = memoryStore({ clock });
  const warnings: string[] = [];
  events.on('warning', ({ code }) => warnings.push(code));
  const shared = {
    store: guardedStore(makeStore?.(memory) ?? memory, runtime),
    flights: createFlights(),
    vectors: createSharedVectors(createVectorIndex(), undefined, runtime),
  };
  const policy: CachePolicy = {
    path: 'config',
    maxAgeMs: 60_000,
    identity: () => 'me',
    namespace: undefined,
    forceRefresh: false,
    metadataKeys: [],
    forwardHeaders: [],
    ...overrides,
  };
  const calls: Call[] = [];
  const held: Handler = (request, context) =>
    new Promise((answer, fail) => {
      context.signal.addEventListener('abort', () => fail(context.signal.reason));
      calls.push({ request, context, answer, fail });
    });
  const wrap = (next: Handler, changed: Partial<CachePolicy> = {}) =>
    cache({ ...policy, ...changed }, shared, runtime.clock)(next);
  const handler = wrap(held);
  const places: Promise<unknown>[] = [];
  const ask = (body: JsonObject = { model: 'm', messages: [] }, context: Partial<RequestContext> = {}) => {
    const { signal, placed } = watched(context.signal ?? new AbortController().signal);
    const asked = handler(chatRequest(body), testContext({ ...context, signal }));
    places.push(
      Promise.race([
        placed,
        asked.then(
          () => undefined,
          () => undefined,
        ),
      ]),
    );
    return asked;
  };
  /** Waits until everybody who asked has come to a target, to somebody to wait for, or to an answer; then there are `count` calls in all. */
  const called = async (count: number) => {
    await Promise.all(places);
    for (let i = 0; i < 5; i++) await turn();
    expect(calls).toHaveLength(count);
    return calls[count - 1] as Call;
  };
  return { ask, called, places, calls, wrap, clock, warnings, memory, runtime };
}

function jsonOf({ body }: Reply): JsonObject {
  if (body.kind !== 'json') throw new Error(`a body of kind ${body.kind}`);
  return body.value;
}

/** A signal that tells when somebody listens to it: when its request waits for a target or for another's call. */
function watched(signal: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const listen = signal.addEventListener.bind(signal);
  signal.addEventListener = ((...parameters: Parameters<typeof listen>) => {
    resolve();
    listen(...parameters);
  }) as typeof listen;
  return { signal, placed: promise };
}

const until = async (holds: () => boolean) => {
  for (const end = Date.now() + 10_000; !holds() && Date.now() < end; ) await turn();
  expect(holds()).toBe(true);
};

const statusOf = async (reply: Promise<Reply>) => (await reply).cache;

describe('a whole reply', () => {
  it('is asked for once and served again, a fresh object each time, as nobody’s spending', async () => {
    const { ask, called } = setup();
    const first = ask({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
    const reply = {
      ...replyOf('a'),
      headers: { 'content-type': 'application/json', 'set-cookie': 'c', 'x-request-id': 'r' },
    };
    (await called(1)).answer({ ...reply, retries: 2 });
    expect(await first).toMatchObject({ cache: 'MISS', retries: 2, body: { value: { from: 'a' } } });
    (jsonOf(await first) as Record<string, unknown>).from = 'changed by its caller';
    const attempts: [] = [];
    const hits = [
      await ask({ messages: [{ content: 'hi', role: 'user' }], model: 'm' }, { attempts }),
      await ask({ messages: [{ content: 'hi', role: 'user' }], model: 'm', stream: false, temperature: undefined }),
    ];
    const outcomes: ReplyOutcome[] = [];
    for (const hit of hits) hit.onSettle((outcome) => outcomes.push(outcome));
    expect(hits[0]).toMatchObject({
      cache: 'HIT',
      retries: 0,
      status: 200,
      headers: { 'content-type': 'application/json', 'x-request-id': 'r' },
      target: { path: 'a', targetId: 'a', provider: 'a' },
      body: { kind: 'json', value: { from: 'a' } },
    });
    expect(hits[0]?.headers).not.toHaveProperty('set-cookie');
    expect(jsonOf(hits[0] as Reply)).not.toBe(jsonOf(hits[1] as Reply));
    expect([outcomes, attempts]).toEqual([[{ result: 'success' }, { result: 'success' }], []]);
    await called(1);
  });

  it('is used for max_age and not a millisecond longer, even where the store keeps it', async () => {
    const { ask, called, clock } = setup({ maxAgeMs: 1000 }, (memory) => ({
      ...memory,
      set: (key, value) => memory.set(key, value, 999_999),
    }));
    const first = ask();
    (await called(1)).answer(replyOf('a'));
    await first;
    clock.advance(999);
    expect(await statusOf(ask())).toBe('HIT');
    clock.advance(1);
    const second = ask();
    (await called(2)).answer(replyOf('b'));
    expect(await statusOf(second)).toBe('MISS');
    expect(jsonOf(await ask())).toEqual({ from: 'b' });
  });

  it('is asked for again when its refresh is forced, and the new one is kept', async () => {
    const { ask, called } = setup();
    const first = ask();
    (await called(1)).answer(replyOf('a'));
    await first;
    const refreshed = ask(undefined, { call: { cacheForceRefresh: true } });
    (await called(2)).answer(replyOf('b'));
    expect(await statusOf(refreshed)).toBe('REFRESH');
    expect(await ask(undefined, { call: { cacheForceRefresh: false } })).toMatchObject({
      cache: 'HIT',
      body: { value: { from: 'b' } },
    });
  });

  it.each<[string, Partial<Reply>]>([
    ['that promises an answer', { status: 202 }],
    ['that failed a check', { status: 246 }],
    ['of bytes', { body: { kind: 'bytes', bytes: new Uint8Array(1) } }],
    ['that is still in progress', { body: { kind: 'json', value: { status: 'in_progress' } } }],
    ['that failed', { body: { kind: 'json', value: { status: 'failed' } } }],
    ['a cache below has answered', { cache: 'MISS' }],
  ])('is not kept nor shared: one %s', async (_, facts) => {
    const { ask, called, calls } = setup();
    const together = [ask(), ask(), ask()];
    (await called(1)).answer({ ...replyOf('a'), ...facts });
    await called(3);
    for (const { answer } of calls) answer({ ...replyOf('a'), ...facts });
    expect(await Promise.all(together.map(statusOf))).toEqual(['MISS', 'MISS', 'MISS']);
    const later = ask();
    (await called(4)).answer(replyOf('b'));
    expect(await statusOf(later)).toBe('MISS');
  });
});

describe('a key', () => {
  const call = (call: CallOverrides) => ({ call });
  interface Case {
    readonly policy?: Partial<CachePolicy>;
    readonly one: Partial<RequestContext>;
    readonly other: Partial<RequestContext>;
    readonly status: 'HIT' | 'MISS';
  }
  it.each<[string, Case]>([
    ['another namespace', { one: call({ cacheNamespace: 'a' }), other: call({ cacheNamespace: 'b' }), status: 'MISS' }],
    ['the same namespace', { one: call({ cacheNamespace: 'a' }), other: call({ cacheNamespace: 'a' }), status: 'HIT' }],
    [
      'a namespace where the config names the same',
      { policy: { namespace: 'a' }, one: {}, other: call({ cacheNamespace: 'a' }), status: 'HIT' },
    ],
    ['a namespace from none', { one: {}, other: call({ cacheNamespace: 'null' }), status: 'MISS' }],
    [
      'another host',
      { one: call({ customHost: 'http://a' }), other: call({ customHost: 'http://b' }), status: 'MISS' },
    ],
    ['another shape', { one: call({ strictOpenAiCompliance: true }), other: {}, status: 'MISS' }],
    [
      'no metadata that nobody looks at',
      { one: { metadata: { request: '1' } }, other: { metadata: { request: '2' } }, status: 'HIT' },
    ],
    [
      'metadata a condition looks at',
      { policy: { metadataKeys: ['tier'] }, one: { metadata: { tier: 'a' } }, other: {}, status: 'MISS' },
    ],
    [
      'no headers that go nowhere',
      { one: call({ headers: { 'x-a': '1' } }), other: call({ headers: { 'x-a': '2' } }), status: 'HIT' },
    ],
    [
      'headers to be forwarded',
      {
        policy: { forwardHeaders: ['X-A'] },
        one: call({ headers: { 'x-A': '1' } }),
        other: call({ headers: { 'x-a': '2' } }),
        status: 'MISS',
      },
    ],
    [
      'headers the call forwards',
      {
        one: call({ headers: { 'x-a': '1' }, forwardHeaders: 'all' }),
        other: call({ headers: { 'x-a': '2' }, forwardHeaders: 'all' }),
        status: 'MISS',
      },
    ],
    ['no trace IDs', { one: { traceId: 'a', requestId: 'a' }, other: { traceId: 'b', requestId: 'b' }, status: 'HIT' }],
  ])('tells %s', async (_, { policy, one, other, status }) => {
    const { wrap } = setup(policy);
    const handler = wrap(async () => replyOf('a'));
    expect((await handler(chatRequest(), testContext(one))).cache).toBe('MISS');
    expect((await handler(chatRequest(), testContext(other))).cache).toBe(status);
  });

  it.each<[string, JsonObject]>([
    ['a value', { model: 'm', messages: [], temperature: 0.1 }],
    ['a type', { model: 'm', messages: [], temperature: '0' }],
    ['the order of messages', { model: 'm', messages: [1, 2], temperature: 0 }],
    ['an added member', { model: 'm', messages: [], temperature: 0, n: 1 }],
    ['stream', { model: 'm', messages: [], temperature: 0, stream: true }],
  ])('tells %s of the body', async (_, body) => {
    const { wrap } = setup();
    const handler = wrap(async () => replyOf('a'));
    await handler(chatRequest({ model: 'm', messages: [], temperature: 0 }), testContext());
    await handler(chatRequest({ model: 'm', messages: [2, 1], temperature: 0 }), testContext());
    expect((await handler(chatRequest(body), testContext())).cache).toBe('MISS');
  });

  it('tells endpoints and identities', async () => {
    const { wrap } = setup();
    const request = chatRequest({ model: 'm', input: 'x' });
    const next: Handler = async () => replyOf('a');
    const ask = async (handler: Handler, endpoint: ModelRequest['endpoint']) =>
      (await handler({ ...request, endpoint }, testContext())).cache;
    const other = wrap(next, { identity: () => 'somebody else' });
    expect([
      await ask(wrap(next), 'embeddings'),
      await ask(wrap(next), 'moderations'),
      await ask(other, 'embeddings'),
      await ask(wrap(next), 'embeddings'),
    ]).toEqual(['MISS', 'MISS', 'MISS', 'HIT']);
  });

  it('says nothing of what it was made from', async () => {
    const keys: string[] = [];
    const { ask } = setup({ identity: () => 'sk-secret' }, (memory) => ({
      ...memory,
      get(key) {
        keys.push(key);
        return memory.get(key);
      },
    }));
    ask({ model: 'm', messages: [], user: 'secret' });
    await until(() => keys.length > 0);
    expect(keys).toEqual([expect.stringMatching(/^modelmux:cache:[0-9a-f]{64}$/)]);
  });
});

it.each<[string, Partial<ModelRequest>]>([
  ['images', { endpoint: 'images/generations' }],
  ['speech', { endpoint: 'audio/speech' }],
  ['files', { endpoint: 'files' }],
  ['any other path', { endpoint: 'proxy', path: '/x' }],
  ['a GET', { method: 'GET' }],
  ['a DELETE', { endpoint: 'responses', method: 'DELETE', path: '/responses/r1' }],
  ['a call on one object', { endpoint: 'responses', path: '/responses/r1/cancel' }],
  ['a body with a file', { body: { model: 'm', image: new Blob(['x']) } }],
  ['a response in the background', { endpoint: 'responses', body: { input: 'x', background: true } }],
  ['a turn of a stored conversation', { endpoint: 'responses', body: { input: 'x', conversation: 'c1' } }],
])('does not cache %s', async (_, facts) => {
  const { wrap, memory } = setup();
  const handler = wrap(async () => replyOf('a'));
  for (let i = 0; i < 2; i++) {
    expect((await handler({ ...chatRequest(), ...facts }, testContext())).cache).toBe('DISABLED');
  }
  expect((memory as { bytes?: number }).bytes).toBe(0);
});

describe('requests at the same time', () => {
  it('share one call: a hundred of them', async () => {
    const { ask, called } = setup();
    const together = Array.from({ length: 100 }, () => ask());
    (await called(1)).answer(replyOf('a'));
    const replies = await Promise.all(together);
    expect(replies.map((reply) => reply.cache).sort()).toEqual([...Array(99).fill('HIT'), 'MISS']);
    expect(new Set(replies.map(jsonOf)).size).toBe(100);
    expect(replies.every((reply) => jsonOf(reply).from === 'a')).toBe(true);
  });

  it('share a failure, each as an error of its own, which is not kept', async () => {
    const { ask, called } = setup();
    const together = Array.from({ length: 10 }, () => ask());
    const error = failure({ status: 429, headers: { 'retry-after': '3' } });
    Object.assign(error, { traceId: 'of the leader', requestId: 'of the leader' });
    (await called(1)).fail(error);
    const errors = await Promise.all(together.map((asked) => asked.catch((thrown) => thrown)));
    expect(new Set(errors).size).toBe(10);
    for (const own of errors) {
      expect(own).toBeInstanceOf(PortkeyError);
      expect(own).toMatchObject({ name: 'RateLimitError', status: 429, headers: { 'retry-after': '3' }, attempts: [] });
      expect(own.stack).toContain('429 failed');
    }
    expect(errors.filter((own) => own.traceId !== undefined || own.requestId !== undefined)).toEqual([error]);
    const later = ask();
    (await called(2)).answer(replyOf('a'));
    expect(await statusOf(later)).toBe('MISS');
  });

  it('do not notice when one who waits is aborted', async () => {
    const { ask, called } = setup();
    const leaving = new AbortController();
    const leader = ask();
    const { answer } = await called(1);
    const [follower, other] = [ask(undefined, { signal: leaving.signal }), ask()];
    await called(1);
    leaving.abort(new APIUserAbortError());
    await expect(follower).rejects.toThrow('Request was aborted.');
    answer(replyOf('a'));
    expect(await Promise.all([leader, other].map(statusOf))).toEqual(['MISS', 'HIT']);
  });

  it.each([
    ['is aborted', new APIUserAbortError()],
    ['has run out of time', new APIConnectionTimeoutError('total_timeout', 10)],
  ])('go on under another leader when theirs %s', async (_, reason) => {
    const { ask, called } = setup();
    const leaving = new AbortController();
    const leader = ask(undefined, { signal: leaving.signal });
    await called(1);
    const others = [ask(), ask()];
    await called(1);
    leaving.abort(reason);
    await expect(leader).rejects.toBe(reason);
    (await called(2)).answer(replyOf('b'));
    expect((await Promise.all(others.map(statusOf))).sort()).toEqual(['HIT', 'MISS']);
  });

  it('do not share a call with other limits of time, nor a refresh with a plain call', async () => {
    const { ask, called } = setup();
    ask();
    ask(undefined, { call: { requestTimeoutMs: 10 } });
    ask(undefined, { call: { cacheForceRefresh: true } });
    await called(3);
  });

  it('share one refresh', async () => {
    const { ask, called } = setup({ forceRefresh: true });
    const together = [ask(), ask()];
    (await called(1)).answer(replyOf('a'));
    expect(await Promise.all(together.map(statusOf))).toEqual(['REFRESH', 'REFRESH']);
  });

  it('share one look into a slow store', async () => {
    const looked: (() => void)[] = [];
    const { ask, places, calls } = setup({}, (memory) => ({
      ...memory,
      get: (key) => new Promise((resolve) => looked.push(() => resolve(memory.get(key)))),
    }));
    const leader = ask();
    await until(() => looked.length === 1);
    const followers = [ask(), ask()];
    await Promise.all(places.slice(1));
    looked[0]?.();
    await until(() => calls.length === 1);
    calls[0]?.answer(replyOf('a'));
    expect(await Promise.all([leader, ...followers].map(statusOf))).toEqual(['MISS', 'HIT', 'HIT']);
    expect(looked).toHaveLength(1);
  });

  it('find the answer while a slow store still writes it', async () => {
    let finish = () => {};
    const { ask, called } = setup({}, (memory) => ({
      ...memory,
      set: (key, value, ttlMs) =>
        new Promise<void>((resolve) => {
          finish = () => resolve(memory.set(key, value, ttlMs) as undefined);
        }),
    }));
    const first = ask();
    (await called(1)).answer(replyOf('a'));
    expect(await statusOf(first)).toBe('MISS');
    expect(await statusOf(ask())).toBe('HIT');
    finish();
    await called(1);
    expect(await statusOf(ask())).toBe('HIT');
  });

  it('do not wait for themselves where a cache stands below a cache of the same key', async () => {
    const { wrap } = setup();
    let calls = 0;
    const below = wrap(
      async () => {
        calls++;
        return replyOf('a');
      },
      { path: 'config.targets[0]' },
    );
    const handler = wrap(below);
    const ask = async () => (await handler(chatRequest(), testContext())).cache;
    expect([await ask(), await ask(), calls]).toEqual(['MISS', 'HIT', 1]);
  });
});

describe('a broken store', () => {
  it.each<[string, (memory: Store) => Partial<Store>]>([
    [
      'throws',
      () => ({
        get: () => {
          throw new Error('x');
        },
        set: () => {
          throw new Error('x');
        },
      }),
    ],
    ['rejects', () => ({ get: () => Promise.reject(new Error('x')), set: () => Promise.reject(new Error('x')) })],
  ])('that %s fails nobody and is told of once', async (_, broken) => {
    const { wrap, warnings, clock } = setup({}, (memory) => ({ ...memory, ...broken(memory) }));
    const handler = wrap(async () => replyOf('a'));
    for (let i = 0; i < 5; i++) {
      expect((await handler(chatRequest(), testContext())).cache).toBe('MISS');
      clock.advance(1000);
    }
    expect(warnings).toEqual(['store']);
  });

  it('that hangs costs 5 ms, and nothing once it has been silent for long', async () => {
    const { ask, called, clock, warnings } = setup({}, (memory) => ({
      ...memory,
      get: () => new Promise(() => undefined),
    }));
    const first = ask();
    await until(() => clock.pending === 1);
    clock.advance(2000);
    clock.advance(1);
    (await called(1)).answer(replyOf('a'));
    expect(await statusOf(first)).toBe('MISS');
    const second = ask();
    (await called(2)).answer(replyOf('a'));
    expect(await statusOf(second)).toBe('MISS');
    expect([warnings, clock.pending]).toEqual([['store'], 0]);
  });

  it.each(['', 'not JSON', 'null', '[]', '{"version":0}', '{"version":1,"storedAt":1e15,"status":200}'])(
    'that gives back nonsense counts as empty: %j',
    async (nonsense) => {
      const { wrap } = setup({}, (memory) => ({ ...memory, get: () => nonsense }));
      expect((await wrap(async () => replyOf('a'))(chatRequest(), testContext())).cache).toBe('MISS');
    },
  );
});

describe('a stream', () => {
  const body = { model: 'm', messages: [], stream: true };
  const chunk = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
  const usage = { promptTokens: 1, completionTokens: 2 };

  /** A stream reply as a leaf makes it, and the wire's end of it. */
  function wireStream() {
    const settled = settlement();
    const wire = { closed: false, paused: false };
    const { open, producer } = createChunkStream({
      pause: () => (wire.paused = true),
      resume: () => (wire.paused = false),
      close: () => (wire.closed = true),
      onSettle: (result, error) => settled.settle({ result, usage, ...(error === undefined ? {} : { error }) }),
    });
    const reply: Reply = {
      ...replyOf('a'),
      body: { kind: 'stream', chunks: open() },
      onSettle: settled.onSettle,
    };
    return { reply, producer, wire };
  }

  const streamOf = (reply: Reply) => {
    if (reply.body.kind !== 'stream') throw new Error('not a stream');
    return reply.body.chunks;
  };
  const read = async (reply: Reply) => {
    const chunks: unknown[] = [];
    for await (const item of streamOf(reply)) chunks.push(item);
    return chunks;
  };
  const outcomeOf = (reply: Reply) => {
    const outcomes: ReplyOutcome[] = [];
    reply.onSettle((outcome) => outcomes.push(outcome));
    return outcomes;
  };

  it('is replayed as the same chunks once it has ended, and only the first one was spent', async () => {
    const { ask, called } = setup();
    const asked = ask(body);
    const { reply, producer } = wireStream();
    (await called(1)).answer(reply);
    const first = await asked;
    const outcomes = [outcomeOf(first)];
    producer.push(chunk('a'));
    producer.push(chunk('b'));
    producer.end();
    expect(await read(first)).toEqual([chunk('a'), chunk('b')]);
    for (let i = 0; i < 2; i++) {
      const hit = await ask(body);
      outcomes.push(outcomeOf(hit));
      expect([hit.cache, await read(hit)]).toEqual(['HIT', [chunk('a'), chunk('b')]]);
    }
    expect(outcomes).toEqual([[{ result: 'success', usage }], [{ result: 'success' }], [{ result: 'success' }]]);
  });

  it('is shared by those who ask meanwhile, even when its reader has not begun', async () => {
    const { ask, called } = setup();
    const leader = ask(body);
    const { reply, producer, wire } = wireStream();
    (await called(1)).answer(reply);
    await leader;
    const followers = [ask(body), ask(body)];
    await called(1);
    for (let i = 0; i < 200; i++) {
      producer.push(chunk(`${i}`));
      await turn();
    }
    producer.end();
    const replies = await Promise.all(followers);
    expect(replies.map((follower) => follower.cache)).toEqual(['HIT', 'HIT']);
    expect(await read(replies[0] as Reply)).toHaveLength(200);
    expect(wire.paused).toBe(false);
    expect(await read(await leader)).toHaveLength(200);
  });

  it('is not kept when it breaks; those who wait get the failure, without what its reader has seen', async () => {
    const { ask, called, memory } = setup();
    const leader = ask(body);
    const { reply, producer } = wireStream();
    (await called(1)).answer(reply);
    const first = await leader;
    const follower = ask(body);
    await called(1);
    producer.push(chunk('a'));
    const error = failure(0);
    error.received = { content: 'a', chunkCount: 1 };
    producer.fail(error);
    const outcomes = outcomeOf(first);
    await expect(read(first)).rejects.toBe(error);
    const own = await follower.catch((thrown) => thrown);
    expect(own).not.toBe(error);
    expect([own.kind, own.received, error.received.chunkCount]).toEqual(['network', undefined, 1]);
    expect(outcomes).toMatchObject([{ result: 'failure', usage }]);
    expect((memory as { bytes?: number }).bytes).toBe(0);
  });

  it('closes its socket when its reader leaves, is not kept, and another takes over', async () => {
    const { ask, called, memory } = setup();
    const leader = ask(body);
    const { reply, producer, wire } = wireStream();
    (await called(1)).answer(reply);
    const first = await leader;
    const outcomes = outcomeOf(first);
    const follower = ask(body);
    await called(1);
    producer.push(chunk('a'));
    for await (const _ of streamOf(first)) break;
    expect(wire.closed).toBe(true);
    expect(outcomes).toEqual([{ result: 'aborted', usage }]);
    expect((memory as { bytes?: number }).bytes).toBe(0);
    const second = wireStream();
    (await called(2)).answer(second.reply);
    second.producer.push(chunk('b'));
    second.producer.end();
    expect([await statusOf(follower), await read(await follower)]).toEqual(['MISS', [chunk('b')]]);
  });

  it('goes to another leader when its caller’s signal aborts', async () => {
    const { ask, called } = setup();
    const leaving = new AbortController();
    const leader = ask(body, { signal: leaving.signal });
    const { reply, producer } = wireStream();
    (await called(1)).answer(reply);
    const first = await leader;
    ask(body);
    await called(1);
    producer.push(chunk('a'));
    leaving.abort(new APIUserAbortError());
    producer.fail(leaving.signal.reason);
    await expect(read(first)).rejects.toThrow('Request was aborted.');
    await called(2);
  });

  it.each<[string, readonly JsonObject[]]>([
    ['brought nothing', []],
    ['was cancelled at the provider', [{ type: 'response.cancelled', response: { status: 'cancelled' } }]],
  ])('that %s is not kept', async (_, chunks) => {
    const { ask, called, memory } = setup();
    const leader = ask(body);
    const { reply, producer } = wireStream();
    (await called(1)).answer(reply);
    const first = await leader;
    for (const item of chunks) producer.push(item);
    producer.end();
    expect(await read(first)).toEqual(chunks);
    expect((memory as { bytes?: number }).bytes).toBe(0);
    ask(body);
    await called(2);
  });

  it('is written down before its reader can change it', async () => {
    const { ask, called } = setup();
    const leader = ask(body);
    const { reply, producer } = wireStream();
    (await called(1)).answer(reply);
    producer.push(chunk('a'));
    const stream = streamOf(await leader);
    const { value } = await stream.next();
    Object.assign(value as object, { choices: [] });
    producer.end();
    await stream.next();
    expect(await read(await ask(body))).toEqual([chunk('a')]);
  });

  it('beyond 16 MiB is not kept, nor waited for, and goes at its reader’s pace', async () => {
    const { ask, called, memory } = setup();
    const leader = ask(body);
    const { reply, producer, wire } = wireStream();
    (await called(1)).answer(reply);
    const first = await leader;
    ask(body);
    await called(1);
    producer.push(chunk('x'.repeat(17 * 1024 * 1024)));
    await called(2);
    for (let i = 0; i < 500 && !wire.paused; i++) {
      producer.push(chunk('a'));
      await turn();
    }
    expect(wire.paused).toBe(true);
    const reading = read(first);
    for (let i = 0; i < 50 && wire.paused; i++) await turn();
    expect(wire.paused).toBe(false);
    producer.end();
    expect((await reading).length).toBeGreaterThan(100);
    expect((memory as { bytes?: number }).bytes).toBe(0);
  });

  it('that is replayed has ended at once, and can be left', async () => {
    const { ask, called } = setup();
    const leader = ask(body);
    const { reply, producer } = wireStream();
    (await called(1)).answer(reply);
    for (const text of ['a', 'b', 'c']) producer.push(chunk(text));
    producer.end();
    await read(await leader);
    const replayed = await ask(body);
    expect(outcomeOf(replayed)).toMatchObject([{ result: 'success' }]);
    for await (const _ of streamOf(replayed)) break;
    expect(await streamOf(replayed).next()).toEqual({ done: true, value: undefined });
  });
});
