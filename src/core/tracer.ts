import type { Attempt } from './attempt.ts';
import type { Endpoint } from './endpoint.ts';
import type { PortkeyEvents } from './events.ts';
import type { JsonObject } from './json.ts';
import type { Cost } from './pricing.ts';
import type { ReplyOutcome } from './reply.ts';
import type { SpanFacts } from './span-facts.ts';

/**
 * Follows calls with spans of a tracing system, such as OpenTelemetry. Everything is called while the caller waits: none of it may throw
 * or take long.
 */
export interface Tracer {
  /** A call begins; called where the caller's own context is active. `traceId` is what the caller named, if anything. */
  startRequest(request: TracedRequest, facts: TracedFacts): RequestTrace;
}

/** What is asked: of the caller's call its own body, of an attempt the one the target's rules made of it. */
export interface TracedRequest {
  readonly endpoint: Endpoint;
  readonly body: JsonObject;
}

/** What is known of a call as it begins. */
export interface TracedFacts {
  readonly requestId: string;
  readonly traceId: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly configId: string | undefined;
  readonly span: SpanFacts | undefined;
  /** Clock milliseconds. */
  readonly startedAt: number;
  /** False: bodies are nobody's business. */
  readonly tellsBodies: boolean;
}

/** One call, followed. */
export interface RequestTrace {
  /** 32 and 16 hex digits, taken where the caller names none; undefined where nothing is recorded. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** A try begins. What is known of it grows with `attempt`. */
  startAttempt(attempt: Readonly<Attempt>): AttemptTrace;
  end(end: PortkeyEvents['request-end']): void;
}

/** One try of one target, followed. */
export interface AttemptTrace {
  /** It is known who is asked and what: the body as it was given to the wire format. Called at most once, before what follows. */
  prepare(request: TracedRequest): void;
  /** 16 hex digits; undefined where nothing is recorded. */
  spanId(): string | undefined;
  /** What a provider that may know of the trace is told beside `traceparent`, or in its place: what the tracing system's propagators say. */
  headers(): Readonly<Record<string, string>>;
  /** Sends: what happens in `send` happens within the span. */
  run<Result>(send: () => Result): Result;
  /** Called once. */
  end(outcome: ReplyOutcome, endedAt: number, ended?: EndedReply): void;
}

/** What is known of a reply beside its outcome, once it has ended. */
export interface EndedReply {
  /** What came back, of a stream what was read of it, put together. */
  readonly body?: JsonObject | Uint8Array | undefined;
  /** Undefined when no price is known. */
  readonly cost?: Cost | undefined;
}
