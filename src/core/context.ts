import type { Attempt } from './attempt.ts';
import type { ConfigFacts } from './config-facts.ts';
import type { DemandMemo } from './demand.ts';
import type { Reservation } from './limit.ts';
import type { CallGroups } from './model-groups.ts';
import type { Reply } from './reply.ts';
import type { SpanFacts } from './span-facts.ts';
import type { AttemptTrace, RequestTrace } from './tracer.ts';

/**
 * How far an attempt has come. `headers` and `content` are reported at most once per attempt, `chunk` for every further chunk,
 * `held` when the provider is made to wait for a slow reader, until the next `chunk`.
 */
export type AttemptPhase = 'headers' | 'content' | 'chunk' | 'held';

/** How far a call has come: not handed to the network, handed over, answered with headers. */
export interface Delivery {
  phase: 'unsent' | 'sent' | 'answered';
}

/** A queue that a request has passed. */
export interface Room {
  /** Waits in the request's old place in line until `readyAt` is not after now, then goes on at once. Rejects with what a queue rejects with. */
  wait(readyAt: (now: number) => number, go: (onPlaced: () => void, now: number) => Promise<Reply>): Promise<Reply>;
}

/** What was taken of shared limits for a target before the call came to it. */
export interface Granted {
  readonly targetId: string;
  /** Keys of the claims that were taken, in order: more, or others, may be known of when the call comes to its target. */
  readonly keys: readonly string[];
  /** Clock milliseconds; it counts from then. */
  readonly at: number;
  /** Once; undefined afterwards. */
  take(): Reservation | undefined;
}

/** The facts of one request. They travel as an argument; nothing here is shared between requests. */
export interface RequestContext {
  /** Unique per call. */
  readonly requestId: string;
  /** The caller's trace ID, or 32 hex digits made for this call. */
  readonly traceId: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Path of the call, as conditions see it in `url.pathname`: `/v1/chat/completions`. */
  readonly pathname: string;
  /** Aborts when the caller leaves or a timer above gives up; its reason is always a `PortkeyError`. Lives no longer than the request. */
  readonly signal: AbortSignal;
  /** Clock time in milliseconds by which the whole request must end. */
  readonly deadline?: number;
  /** Every attempt so far, in order. Handlers append, nobody removes. */
  readonly attempts: Attempt[];
  /** What the single call asked for and what beats every target's own value. */
  readonly call: CallOverrides;
  /** Child indexes a retrying node's loadbalances have picked so far, by path; absent where nothing above retries a node. */
  readonly tried?: Map<string, number[]>;
  /** Every target cools and the config would rather call them all the same: cooldowns below let this request pass. */
  readonly ignoresCooldowns?: true;
  /** Somebody else is asked when nothing below may be called now: nobody below waits for what cools. */
  readonly passesOver?: true;
  /** What the stars in the name of the request's model group stand for. */
  readonly captured?: readonly string[];
  /** A fallback above has a target for replies that a provider's content filter ended: they count as failures. */
  readonly refusesFiltered?: true;
  /** The same for all handlers of the request. Without it all is worked out each time. */
  readonly memo?: DemandMemo;
  /** The attempt under way; set below the observer. */
  readonly attempt?: Attempt;
  /** Where the request may wait for room once more; set where requests queue. */
  readonly room?: Room | undefined;
  /** Told when the request has taken the place it was let in for, or waits elsewhere; whoever called it in then calls the next. Telling it twice is harmless. */
  readonly onPlaced?: () => void;
  /** Taken already for the target called next, where that is another process's affair too. */
  readonly granted?: Granted;
  /** How far the call has come on the wire, noted by the leaf; set where limits of the target must know. */
  readonly delivery?: Delivery;
  /** Told how far the attempt has come; set by the timeout middleware. */
  readonly progress?: (phase: AttemptPhase) => void;
  /** The ID that call or client named the config by. */
  readonly configId?: string | undefined;
  readonly config?: ConfigFacts | undefined;
  /** Where the caller places the call in its trace. */
  readonly span?: SpanFacts | undefined;
  /** Set where a tracer follows the call. */
  readonly trace?: RequestTrace | undefined;
  /** The same for the attempt under way. */
  readonly attemptTrace?: AttemptTrace;
}

/** What every event of a request says of it. */
export function factsOf({
  requestId,
  traceId,
  metadata,
}: RequestContext): Pick<RequestContext, 'requestId' | 'traceId' | 'metadata'> {
  return { requestId, traceId, metadata };
}

/** Options of a single call that beat the config. */
export interface CallOverrides {
  readonly requestTimeoutMs?: number;
  /** Base URL for targets that do not name their own. */
  readonly customHost?: string;
  /** The call's own headers, names in lower case; those to be forwarded reach the provider. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names of `headers` to hand on, in place of the config's. */
  readonly forwardHeaders?: readonly string[] | 'all';
  readonly strictOpenAiCompliance?: boolean;
  /** Ask the targets even where the answer is cached, and store what they say. */
  readonly cacheForceRefresh?: boolean;
  /** Keeps cached answers apart from those of other namespaces, in place of the config's. */
  readonly cacheNamespace?: string;
  /** Neither ask the cache nor store the answer; false: do so also where a cache is only for those who ask for it. */
  readonly cacheSkip?: boolean;
  /** Ask the cache, store nothing. */
  readonly cacheNoStore?: boolean;
  /** Answers older than this are not taken from the cache. */
  readonly cacheMaxAgeMs?: number;
  /** The answer is kept for this long, in place of the config's `max_age`. */
  readonly cacheKeepMs?: number;
  /** Everything the call does, a stream to its end; in place of every `total_timeout`. */
  readonly totalTimeoutMs?: number;
  readonly firstTokenTimeoutMs?: number;
  /** Extra tries of each node that retries as a whole. */
  readonly retries?: number;
  /** A parameter the provider cannot honour fails the attempt. */
  readonly strictParams?: boolean;
  readonly groups?: CallGroups;
  /** Targets asked for by their tags. */
  readonly tags?: readonly string[];
  /** Targets asked for by their region: any of these. */
  readonly regions?: readonly string[];
  /** Only the first target of each fallback is asked. */
  readonly disableFallbacks?: boolean;
  /** How urgent the request is where requests queue; lower is more urgent. */
  readonly priority?: number;
  /** Whose call it is, where one client serves several: what is cached for one is not given to another. */
  readonly tenant?: string;
  /** The caller hands the reply on as text: it is kept beside the value, or a stream's chunks, where nothing was changed in it. */
  readonly wantsText?: true;
}
