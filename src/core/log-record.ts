import type { StrategyMode } from './config-facts.ts';
import type { Endpoint } from './endpoint.ts';
import type { ErrorKind } from './errors/kind.ts';
import type { Cost } from './pricing.ts';
import type { CacheStatus } from './reply.ts';
import type { Usage } from './usage.ts';

/** What is kept of one request. Plain JSON: it holds no secret, and is never changed once it was written. */
export interface LogRecord {
  /** The request ID. */
  readonly id: string;
  readonly traceId: string;
  /** 16 hex digits unless the caller named it. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly spanName?: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds until the reply ended, for a stream its last chunk. */
  readonly durationMs: number;
  readonly endpoint: Endpoint | string;
  readonly outcome: LogOutcome;
  /** The HTTP status of the answer or of the failure; absent where there was none, as when the connection broke. */
  readonly status?: number;
  readonly error?: LogError;
  readonly stream: boolean;
  /** ID of the config, where the call or the client named one. */
  readonly configId?: string;
  /** Changes whenever the config behind the ID does. */
  readonly configVersion?: string;
  /** The model the caller asked for. */
  readonly requestedModel?: string;
  /** Who answered, else who was tried last; with `model`, `virtualKey` and `path`. Absent when nobody was asked. */
  readonly provider?: string;
  readonly model?: string;
  /** Slug of the virtual key. */
  readonly virtualKey?: string;
  /** Where that target stands: `config.targets[1].targets[0]`. */
  readonly path?: string;
  /** The nodes that were come through on the way to targets, parents first. */
  readonly route: readonly RouteStep[];
  /** Every try, in order. */
  readonly attempts: readonly LogAttempt[];
  /** What happened on the way, for filters and icons. */
  readonly marks: readonly LogMark[];
  readonly cache: CacheStatus;
  /** Tokens of the answer. */
  readonly usage?: Usage;
  /** What all attempts cost together; absent when no price is known. */
  readonly cost?: LogCost;
  /** Milliseconds from the start of the request to the first content of a stream. */
  readonly firstTokenMs?: number;
  /** Chunks of a stream. */
  readonly chunks?: number;
  /** Completion tokens a second, from the first content of a stream to its end. */
  readonly tokensPerSecond?: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Bodies, only where they are kept. */
  readonly request?: LogBody;
  readonly response?: LogBody;
}

/** How a request ended. `aborted`: the caller left. */
export type LogOutcome = 'success' | 'failure' | 'aborted';

/** What happened to a request: answered or looked up in a cache, tried again, passed on, picked among several, routed by a condition. */
export const logMarks = ['cache', 'retry', 'fallback', 'loadbalance', 'conditional'] as const;

/** One of {@link logMarks}. */
export type LogMark = (typeof logMarks)[number];

/** Why a request failed. */
export interface LogError {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly type?: string;
  readonly code?: string;
}

/** A node with children on the way to a target. */
export interface RouteStep {
  readonly path: string;
  readonly mode: StrategyMode;
}

/** One try of one target. Times are in milliseconds from the start of this try. */
export interface LogAttempt {
  readonly path: string;
  readonly targetId: string;
  readonly name?: string;
  readonly provider: string;
  readonly model?: string;
  readonly virtualKey?: string;
  /** The address that was asked, without query. */
  readonly url?: string;
  /** Set where a trace context went to the provider. */
  readonly spanId?: string;
  /** 0 for the first try of this target within the request, then 1, 2, … */
  readonly retry: number;
  /** Why this try was made: absent for the first of the request. */
  readonly reason?: AttemptReason;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly outcome: 'pending' | LogOutcome;
  readonly status?: number;
  readonly errorKind?: ErrorKind;
  readonly errorMessage?: string;
  /** Waited for a place before it was sent; not part of the other times. */
  readonly queuedMs?: number;
  /** To the response headers. */
  readonly headersMs?: number;
  readonly firstTokenMs?: number;
  /** To the end of the reply. */
  readonly durationMs?: number;
  readonly usage?: Usage;
  /** Of a stream. */
  readonly chunks?: number;
  readonly cost?: LogCost;
}

/** Why a try was made after another. */
export interface AttemptReason {
  /** `retry`: the same target again. `fallback`: another target. */
  readonly kind: 'retry' | 'fallback';
  /** What the try before it failed with. */
  readonly after?: ErrorKind;
  /** Milliseconds between the end of the try before and this one. */
  readonly waitedMs: number;
}

/** Money in millionths of a US dollar, and where the price comes from. `ingested`: as whoever wrote the record said. */
export interface LogCost {
  readonly microUsd: number;
  readonly source: Cost['source'] | 'ingested' | 'mixed';
}

/** A body as JSON text, secrets taken out. */
export interface LogBody {
  readonly text: string;
  /** The body was larger than may be kept: what is there is cut, and marked where it was. */
  readonly isTruncated?: true;
}

/** A judgement of the calls of one trace. */
export interface Feedback {
  readonly id: string;
  readonly traceId: string;
  /** -10 to 10. */
  readonly value: number;
  /** 0 to 1. */
  readonly weight: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}
