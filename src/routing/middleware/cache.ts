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
import {
  createSemanticSearch,
  type SemanticLookup,
  type SemanticPolicy,
  type SemanticSearch,
} from './cache/semantic.ts';
import type { SharedVectors } from './cache/shared-vectors.ts';

/** How the cache of one node works. */
export interface CachePolicy extends CacheKeyParts {
  readonly path: string;
  /** Entries older than this are not used. Milliseconds. */
  readonly maxAgeMs: number;
  /** Ask the targets even where there is an entry, and replace it; the call's own word beats this. */
  readonly forceRefresh: boolean;
  /** Only for calls that ask for it. */
  readonly isOptIn?: boolean;
  /** Also answers requests that mean the same as one before; absent: equal ones only. */
  readonly semantic?: SemanticPolicy;
}

/** What all caches of a client use. */
export interface CacheShared {
  readonly store: GuardedStore;
  readonly flights: Flights;
  readonly vectors: SharedVectors;
}

/**
 * Answers from the store where it holds the answer of this node to the same request. Identical requests at the same time share one call: the
 * first one leads, the others wait for its whole answer and get copies. A leader that is aborted hands over to one who waits; a
 * failure is everybody's, each with an error of its own, and is never stored. Whatever a cache below has dealt with is left to that cache.
 */
export function cache(policy: CachePolicy, shared: CacheShared, clock: Clock): Middleware {
  const keyOf = cacheKeys(policy);
  const { vectors } = shared;
  const search = policy.semantic && createSemanticSearch(policy.semantic, policy, { vectors, clock });
  return (next) => async (request, context) => {
    const { cacheSkip = policy.isOptIn } = context.call;
    const key = cacheSkip === true ? undefined : await keyOf(request, context);
    if (key === undefined) return next(request, context);
    const { cacheForceRefresh = policy.forceRefresh } = context.call;
    const flightId = `${policy.path} ${cacheForceRefresh} ${ownTerms(context)} ${key}`;
    const status = cacheForceRefresh ? 'REFRESH' : 'MISS';
    return answer({ request, context, next, key, flightId, status, search, policy, shared, clock });
  };
}

/** The path keeps a node from waiting for itself where a node below it shares its key; these, a call from another's limits. */
function ownTerms({ call }: RequestContext): string {
  const { requestTimeoutMs, totalTimeoutMs, firstTokenTimeoutMs, retries, cacheNoStore, cacheMaxAgeMs, cacheKeepMs } =
    call;
  return [
    requestTimeoutMs,
    totalTimeoutMs,
    firstTokenTimeoutMs,
    retries,
    cacheNoStore,
    cacheMaxAgeMs,
    cacheKeepMs,
  ].join();
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
  readonly search: SemanticSearch | undefined;
  /** The request among those that mean the same; absent where that is not asked. */
  readonly meaning?: SemanticLookup | undefined;
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
    if (entry !== undefined) return fromEntry(entry, lookup, landing.kind === 'entry' && landing.isNear === true);
    if (landing.kind !== 'left') return withStatus(await lookup.next(lookup.request, context), lookup.status);
  }
}

async function lead(lookup: Lookup, flight: Flight): Promise<Reply> {
  const { context, next, request, search } = lookup;
  try {
    const equal = lookup.status === 'REFRESH' ? undefined : await usable(lookup.key, lookup);
    context.signal.throwIfAborted();
    if (equal !== undefined) {
      flight.land({ kind: 'entry', text: equal.text });
      return fromEntry(equal.entry, lookup);
    }
    const missed = search === undefined ? lookup : await compared(lookup, search);
    if ('near' in missed) {
      flight.land({ kind: 'entry', text: missed.near.text, isNear: true });
      return fromEntry(missed.near.entry, lookup, true);
    }
    return withStatus(share(await next(request, context), missed, flight), missed.status);
  } catch (error) {
    flight.land(landingOf(error, context.signal));
    throw error;
  }
}

/** The answer to a request that means the same, else the lookup of a request that is new. Who wants a refresh gets no old answer. */
async function compared(lookup: Lookup, search: SemanticSearch): Promise<Lookup | { readonly near: Found }> {
  const { request, context } = lookup;
  const meaning = await search.begin(request, context);
  if (meaning === undefined || lookup.status === 'REFRESH') return { ...lookup, meaning };
  const near = await nearest(meaning, lookup);
  context.signal.throwIfAborted();
  return typeof near === 'object' ? { near } : { ...lookup, meaning, status: near };
}

interface Found {
  readonly text: string;
  readonly entry: Entry;
}

/** What the store holds under `key`, when it may still be used. */
async function usable(key: string, lookup: Lookup): Promise<Found | undefined> {
  const found = lookup.shared.store.get(key);
  const text = found instanceof Promise ? await found : found;
  const entry = text === undefined ? undefined : readEntry(text);
  return text === undefined || entry === undefined || isTooOld(entry, lookup) ? undefined : { text, entry };
}

/** Vectors that led to nothing before a request is taken for new. */
const mostDeadEnds = 3;

/** The answer to a request of the same meaning, else what the miss is called. */
async function nearest(meaning: SemanticLookup, lookup: Lookup): Promise<Found | CacheStatus> {
  for (let deadEnds = 0; deadEnds < mostDeadEnds; deadEnds++) {
    const key = await meaning.next();
    if (key === 'failed') return lookup.status;
    const found = key === undefined ? undefined : await usable(key, lookup);
    if (found !== undefined) return found;
    if (key === undefined) break;
    meaning.drop();
  }
  return 'SEMANTIC MISS';
}

function isTooOld({ storedAt }: Entry, { policy, clock, context }: Lookup): boolean {
  const { cacheMaxAgeMs = Number.POSITIVE_INFINITY, cacheKeepMs = 0 } = context.call;
  return clock.now() - storedAt >= Math.min(Math.max(policy.maxAgeMs, cacheKeepMs), cacheMaxAgeMs);
}

/** An entry's reply, made for this request alone. Who asked for a refresh and waited for another's got just that. */
function fromEntry(entry: Entry, { status }: Lookup, isNear = false): Reply {
  const hit = isNear ? 'SEMANTIC HIT' : 'HIT';
  return entryReply(entry, status === 'REFRESH' ? status : hit);
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
      const isUseless = chunks.length === 0 || (isJsonObject(last.response) && isUnfinished(last.response));
      if (isUseless || hasSoftFailure(reply)) flight.land({ kind: 'private' });
      else keep(writeEntry(facts, { chunks }, lookup.clock.now()), lookup, flight);
    },
    failed: (error: unknown) => flight.land(landingOf(error, lookup.context.signal)),
    left: () => flight.land({ kind: 'left' }),
    tooLong: () => flight.land({ kind: 'private' }),
  };
}

function keep(text: string, { key, policy, shared, context, meaning }: Lookup, flight: Flight): void {
  const { cacheNoStore = false, cacheKeepMs = policy.maxAgeMs } = context.call;
  const kept = cacheNoStore ? undefined : shared.store.set(key, text, cacheKeepMs);
  flight.land({ kind: 'entry', text }, kept);
  if (cacheNoStore) return;
  if (kept === undefined) meaning?.keep(key, cacheKeepMs);
  else kept.then(() => meaning?.keep(key, cacheKeepMs));
}

/** A guardrail may find at its end that a stream fails. */
function hasSoftFailure({ hookResults }: Reply): boolean {
  return hookResults?.().after_request_hooks.some(({ verdict }) => !verdict) === true;
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
