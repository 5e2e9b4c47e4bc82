import type { Attempt } from '../../src/core/attempt.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { ChunkStream, ReplyBody } from '../../src/core/reply.ts';
import type { ServedReply } from '../../src/resources/served-reply.ts';

type Result = IteratorResult<JsonObject, undefined>;

/** Chunks as a provider's stream hands them out, and what its socket would have seen. */
export interface FakeChunks extends ChunkStream {
  /** How many chunks were asked for. */
  readonly asked: () => number;
  /** Whether the socket was closed before its end. */
  readonly closed: () => boolean;
}

/** Hands out `items`, then ends, throws `error`, or with `hang` stays silent until it is closed. */
export function fakeChunks(items: readonly JsonObject[], end: { error?: Error; hang?: boolean } = {}): FakeChunks {
  let asked = 0;
  let state: 'open' | 'ended' | 'closed' = 'open';
  let wake: ((result: Result) => void) | undefined;
  const done: Result = { done: true, value: undefined };
  return {
    async next() {
      if (state !== 'open') return done;
      const item = items[asked];
      asked += 1;
      if (item !== undefined) return { done: false, value: item };
      if (end.hang) return new Promise<Result>((resolve) => (wake = resolve));
      state = 'ended';
      if (end.error) throw end.error;
      return done;
    },
    async return() {
      if (state === 'open') state = 'closed';
      wake?.(done);
      return done;
    },
    heed: () => undefined,
    watch: () => undefined,
    cancel() {
      state = 'closed';
    },
    asked: () => asked,
    closed: () => state === 'closed',
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

export const attempts: Attempt[] = [
  {
    path: 'config.targets[0]',
    targetId: 'a',
    provider: 'openai',
    retry: 0,
    startedAt: 1,
    outcome: 'failure',
    status: 500,
  },
  {
    path: 'config.targets[1]',
    targetId: 'b',
    provider: 'groq',
    retry: 0,
    startedAt: 2,
    outcome: 'success',
    status: 200,
  },
];

/** A reply served by the second of two targets. */
export function served(body: ReplyBody, more: Partial<ServedReply> = {}): ServedReply {
  return {
    reply: {
      status: 200,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': '999',
        'content-encoding': 'gzip',
        'x-request-id': 'req_provider',
        'x-portkey-provider': 'spoofed',
      },
      target: { path: 'config.targets[1]', targetId: 'b', provider: 'groq' },
      body,
      retries: 0,
      cache: 'MISS',
      onSettle: () => undefined,
    },
    headers: {
      'x-portkey-trace-id': 't1',
      'x-portkey-cache-status': 'MISS',
      'x-portkey-last-used-option-index': 'config.targets[1]',
      'x-portkey-retry-attempt-count': '0',
      'x-portkey-provider': 'groq',
    },
    requestId: 'r1',
    traceId: 't1',
    attempts,
    controller: new AbortController(),
    ...more,
  };
}

/** A whole JSON reply. */
export function servedJson(value: JsonObject, more: Partial<ServedReply> = {}): ServedReply {
  return served({ kind: 'json', value }, more);
}

/** A streamed reply. */
export function servedStream(chunks: ChunkStream, more: Partial<ServedReply> = {}): ServedReply {
  return served({ kind: 'stream', chunks }, more);
}

/** Everything `items` hands out. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
