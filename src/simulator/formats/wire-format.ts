import type { JsonObject } from '../../core/json.ts';
import type { Answer, Prompt } from '../answer.ts';
import type { FailureKind } from '../behaviour.ts';
import type { FramingName, StreamEvent } from '../framing.ts';

/** One provider's way of speaking: where keys and models stand, what it serves, what its errors look like. */
export interface WireFormat {
  /** Path below the provider's prefix that a client takes as base URL. */
  readonly basePath: string;
  /** True for servers that ask for no key. */
  readonly keyless?: boolean;
  readKey(call: Call): string | undefined;
  /** What serves this path; undefined for a path the provider does not have. */
  route(call: Call): Route | undefined;
  /** Response headers that carry the request ID, flat: name, value, … */
  idHeaders(requestId: string): readonly string[];
  /** Response headers that tell of a rate limit, flat. */
  limitHeaders?(limit: LimitState): readonly string[];
  failure(failure: Failure, call: Call): FailureReply;
  /** An error in the middle of a stream. */
  errorEvent(failure: Failure, call: Call): StreamEvent;
}

/** A request as a wire format sees it. */
export interface Call {
  readonly provider: string;
  readonly method: string;
  /** Below the provider's prefix, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Empty where the request carried no JSON object. */
  readonly body: JsonObject;
  readonly requestId: string;
}

/** An operation, with what the path and body say about the model and streaming. */
export interface Route {
  readonly operation: Operation;
  readonly model: string | undefined;
  readonly stream: boolean;
}

/** One endpoint of a wire format. */
export interface Operation {
  readonly framing?: FramingName;
  /** What the provider would refuse in this request. */
  check?(call: Call): Failure | undefined;
  prompt?(call: Call): Prompt;
  reply(call: Call, answer: Answer): Payload;
  events?(call: Call, answer: Answer): readonly StreamEvent[];
}

/** A whole reply. */
export type Payload = { readonly json: unknown } | { readonly bytes: Uint8Array | string; readonly type: string };

/** What went wrong, before a provider's words for it. */
export interface Failure {
  readonly kind: FailureKind;
  /** Instead of the status usual for the kind. */
  readonly status?: number | undefined;
  /** Instead of the message usual for the kind. */
  readonly message?: string | undefined;
  /** The field at fault. */
  readonly param?: string;
  /** The provider's own code for it. */
  readonly code?: string;
  /** The cause, where one kind has several that a provider tells apart. */
  readonly reason?: FailureReason;
  readonly retryAfterMs?: number | undefined;
  readonly model?: string | undefined;
}

/** Causes that providers tell apart. */
export type FailureReason = 'missing_key' | 'unknown_key' | 'unknown_path';

/** An error as it is sent. */
export interface FailureReply {
  readonly status: number;
  readonly body: unknown;
  /** Flat. */
  readonly headers?: readonly string[];
}

/** Where a caller stands with a rate limit. */
export interface LimitState {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the next request would be admitted, 0 when now. */
  readonly retryMs: number;
  /** Milliseconds until nothing counts any more. */
  readonly resetMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}
