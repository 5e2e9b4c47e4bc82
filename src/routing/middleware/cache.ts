import type { RequestContext } from '../../core/context.ts';
import type { Handler, Middleware, ModelRequest } from '../../core/handler.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { CacheStatus, Reply } from '../../core/reply.ts';
import type { Clock } from '../../core/runtime.ts';
import { type CacheKeyParts, cacheKeys } from './cache/cache-key.ts';
import { type Entry, readEntry, writeEntry } from './cache/entry.ts';
import { entryReply } from './cache/entry-reply.ts';
import { type Flight, type Flights, follow, landingOf, ownError } from './cache/flights.ts';
import type { GuardedStore } from './cache/guarded-store.ts';
import { recordStream } from './cache/record-stream.ts';

/** How the cache of one node works. */
export interface CachePolicy extends CacheKeyParts {
  readonly path: string;
  /** Entries older than this are not used. Milliseconds. */
  readonly maxAgeMs: number;
  /** Ask the targets even where there is an entry, and replace it; the call's own word beats this. */
  readonly forceRefresh: boolean;
}

/** What all caches of a client use. */
export interface CacheShared {
  readonly store: GuardedStore;
  readonly flights: Flights;
}

/**
 * Answers from the store where it holds the answer of this node to the same request. Identical requests at the same time share one call: the
 * first one leads, the others wait for its whole answer and get copies. A leader that is aborted hands over to one who waits; a
 * failure is everybody's, each with an error of its own, and is never stored. Whatever a cache below has dealt with is left to that cache.
 */
export function cache(policy: CachePolicy, shared: CacheShared, clock: Clock): Middleware {
  const keyOf = cacheKeys(policy);
  return (next) => async (request, context) => {
    const key = await keyOf(request, context);
    if (key === undefined) return next(request, context);
    const { cacheForceRefresh = policy.forceRefresh, requestTimeoutMs = '' } = context.call;
    // The path keeps a node from waiting for itself where a node below it shares its key; the timeout, a call from another's limits.
    const flightId = `${policy.path} ${cacheForceRefresh} ${requestTimeoutMs} ${key}`;
    const status = cacheForceRefresh ? 'REFRESH' : 'MISS';
    return answer({ request, context, next, key, flightId, status, policy, shared, clock });
  };
}

/** One request on its way through a cache. */
interface Lookup {
  readonly request: ModelRequest;
  readonly context: RequestContext;
  readonly next: Handler;
  readonly key: string;
  readonly flightId: string;
  /** What the reply of a call made for this request says. */
  readonly status: CacheStatus;
  readonly policy: CachePolicy;
  readonly shared: CacheShared;
  readonly clock: Clock;
}

async function answer(lookup: Lookup): Promise<Reply> {
  const { context, shared, flightId } = lookup;
  for (;;) {
    context.signal.throwIfAborted();
    const flight = shared.flights.get(flightId);
    if (flight === undefined) return lead(lookup, shared.flights.start(flightId));
    const landing = await follow(flight, context.signal);
    if (landing.kind === 'failure') throw ownError(landing.error);
    const entry = landing.kind === 'entry' ? readEntry(landing.text) : undefined;
    if (entry !== undefined) return fromEntry(entry, lookup);
    if (landing.kind !== 'left') return withStatus(await lookup.next(lookup.request, context), lookup.status);
  }
}

async function lead(lookup: Lookup, flight: Flight): Promise<Reply> {
  const { context, key, next, request, shared, status } = lookup;
  try {
    const found = status === 'REFRESH' ? undefined : shared.store.get(key);
    const text = found instanceof Promise ? await found : found;
    context.signal.throwIfAborted();
    const entry = text === undefined ? undefined : readEntry(text);
    if (text === undefined || entry === undefined || isTooOld(entry, lookup))
      return withStatus(share(await next(request, context), lookup, flight), status);
    flight.land({ kind: 'entry', text });
    return fromEntry(entry, lookup);
  } catch (error) {
    flight.land(landingOf(error, context.signal));
    throw error;
  }
}

function isTooOld({ storedAt }: Entry, { policy, clock }: Lookup): boolean {
  return clock.now() - storedAt >= policy.maxAgeMs;
}

/** An entry's reply, made for this request alone. Who asked for a refresh and waited for another's got just that. */
function fromEntry(entry: Entry, { status }: Lookup): Reply {
  return entryReply(entry, status === 'REFRESH' ? 'REFRESH' : 'HIT');
}

/** A cache below has spoken for itself. */
function withStatus(reply: Reply, cache: CacheStatus): Reply {
  return reply.cache === 'DISABLED' ? { ...reply, cache } : reply;
}

/** Stores the leader's answer, now or when its stream has ended, and lands the flight. */
function share(reply: Reply, lookup: Lookup, flight: Flight): Reply {
  const { body } = reply;
  if (reply.cache !== 'DISABLED' || body.kind === 'bytes' || !isLasting(reply.status)) {
    flight.land({ kind: 'private' });
    return reply;
  }
  if (body.kind === 'stream') return recordStream(reply, body.chunks, recordingListener(reply, lookup, flight));
  if (isUnfinished(body.value)) flight.land({ kind: 'private' });
  // Written down before its caller, who may change it, has it.
  else keep(writeEntry(reply, { value: JSON.stringify(body.value) }, lookup.clock.now()), lookup, flight);
  return reply;
}

function recordingListener(reply: Reply, lookup: Lookup, flight: Flight) {
  const facts = { status: reply.status, headers: reply.headers, target: reply.target };
  return {
    finished(chunks: readonly string[]) {
      const last: JsonObject = JSON.parse(chunks.at(-1) ?? '{}');
      if (chunks.length === 0 || (isJsonObject(last.response) && isUnfinished(last.response)))
        flight.land({ kind: 'private' });
      else keep(writeEntry(facts, { chunks }, lookup.clock.now()), lookup, flight);
    },
    failed: (error: unknown) => flight.land(landingOf(error, lookup.context.signal)),
    left: () => flight.land({ kind: 'left' }),
    tooLong: () => flight.land({ kind: 'private' }),
  };
}

function keep(text: string, { key, policy, shared }: Lookup, flight: Flight): void {
  flight.land({ kind: 'entry', text }, shared.store.set(key, text, policy.maxAgeMs));
}

/** 202 promises an answer, 246 is Portkey's for one that failed a check. */
function isLasting(status: number): boolean {
  return status >= 200 && status < 300 && status !== 202 && status !== 246;
}

const unfinishedStates: readonly unknown[] = ['queued', 'in_progress', 'failed', 'cancelled'];

/** `status` of a response object that is not the answer. */
function isUnfinished({ status }: JsonObject): boolean {
  return unfinishedStates.includes(status);
}
