import type { RecordedRequest } from './recording.ts';

/**
 * How a simulated provider answers. All fields are optional; `{}` answers every sound request with a simulated text.
 * "Event" is one event of a stream (an SSE event, an array element, a binary frame), counted from 0; faults that count
 * events leave replies that do not stream alone.
 */
export interface ReplyBehaviour extends Pace, Content, Failing, Faults {
  /** Applies only to requests with this key and this model. */
  readonly when?: { readonly key?: string; readonly model?: string };
  /** Applies only to requests this accepts. In code only, not in a file. */
  readonly match?: (request: RecordedRequest) => boolean;
}

/** A provider's standing behaviour: how it answers, and what it knows of its callers. */
export interface Behaviour extends ReplyBehaviour {
  /** Keys that are accepted; any other gets the provider's authentication error. Any key when absent. */
  readonly keys?: readonly string[];
  /** False: no key is asked for. True when absent, except for `ollama`. */
  readonly keyRequired?: boolean;
  /** Models that exist; any other gets the provider's 404. Any model when absent. */
  readonly models?: readonly string[];
  /** Requests admitted per key in any window of `perMs`; more get 429, `retry-after` and the provider's limit headers. */
  readonly rateLimit?: { readonly requests: number; readonly perMs: number };
  /** Requests under way at once, streams until they end; more get 429. */
  readonly maxConcurrency?: number;
}

/** When a reply's parts are sent. Where a scripted reply sets none, the standing pace holds. */
export interface Pace {
  /** Before the response headers; a pair is a range to draw from. */
  readonly latencyMs?: number | readonly [minimum: number, maximum: number];
  /** From the headers of a stream to its first token. */
  readonly firstTokenMs?: number;
  /** Pace of a stream; as fast as the socket takes it when absent or 0. */
  readonly tokensPerSecond?: number;
}

/** What a reply says. */
export interface Content {
  /**
   * Default: a text that says it is simulated, fixed by seed, provider and model. A request whose last message is the
   * user's and reads `echo:<text>` is answered with that text in any case.
   */
  readonly text?: string;
  readonly reasoning?: string;
  readonly toolCalls?: readonly SimulatedToolCall[];
  /** The text is this, as JSON. */
  readonly jsonObject?: Readonly<Record<string, unknown>>;
  readonly refusal?: string;
  /** The reply is stopped by the provider's content filter. */
  readonly contentFilter?: boolean;
  /** In the provider's own words, sent as it is. */
  readonly finishReason?: string;
  /** Token counts instead of the estimate; false leaves usage out. */
  readonly usage?: UsageOverride | false;
}

/** A call the simulated model makes. A string is sent as it is, valid JSON or not. */
export interface SimulatedToolCall {
  readonly name: string;
  readonly arguments: string | Readonly<Record<string, unknown>>;
  readonly id?: string;
}

/** Token counts, the same for every wire format, which splits or sums them as its provider does. */
export interface UsageOverride {
  /** All input, tokens read from and written to a cache included. */
  readonly inputTokens?: number;
  /** All output, reasoning included. */
  readonly outputTokens?: number;
  readonly cachedTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly reasoningTokens?: number;
}

/** Answers that are errors, in the provider's format. */
export interface Failing {
  /** Below 400 the reply is a normal one with this status. */
  readonly status?: number;
  /** What went wrong; gives the status where `status` is absent, and the kind of the errors sent in a 200. */
  readonly error?: FailureKind;
  /** Seconds, or a date as sent in `retry-after`; `{ms}` is sent as `retry-after-ms`. */
  readonly retryAfter?: number | string | { readonly ms: number };
  /** Added to the response; they win over the simulator's own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent instead of any other body: a string as it is, anything else as JSON. */
  readonly body?: unknown;
  /** 503 to everything, known key or not. */
  readonly outage?: boolean;
  /** Share of requests, 0 to 1, that get a 500. */
  readonly errorRate?: number;
}

/** What can go wrong on the wire. */
export interface Faults {
  /**
   * Destroys the socket: before the headers, half way through the body, or after `cutAfterChunks` events of a stream
   * (half of them when absent).
   */
  readonly reset?: 'before-headers' | 'in-body' | 'in-stream';
  /** The stream ends, as if complete, after this many events. */
  readonly cutAfterChunks?: number;
  /** The stream falls silent after this many events; the socket stays open. */
  readonly stallAfterChunks?: number;
  /** No headers, ever. */
  readonly silent?: boolean;
  /** The event with this index carries broken JSON. */
  readonly malformedChunkAt?: number;
  /** An error event stands where this event would, or at the end of a shorter stream; nothing follows it. */
  readonly errorEventAt?: number;
  /** An HTML page instead of JSON. */
  readonly html?: boolean;
  /** Status 200 and an error body. */
  readonly errorIn200?: boolean;
  /** The JSON body ends half way, with a matching length. */
  readonly truncatedJson?: boolean;
  /** One byte at a time, with this pause between two. */
  readonly dripBytesMs?: number;
  /** Writes of this many bytes, so that characters are split. */
  readonly splitBytes?: number;
  /** SSE lines end in CR LF. */
  readonly crlf?: boolean;
  /** No end marker: OpenAI's `[DONE]`, Anthropic's `message_stop`. */
  readonly noDone?: boolean;
  /** A comment line before each SSE event. */
  readonly comments?: boolean;
  /** Body compressed, whatever the client accepts. */
  readonly gzip?: boolean;
}

/** Ways a provider can fail, whatever it calls them. */
export const failureKinds = [
  'invalid_request',
  'context_window',
  'content_policy',
  'auth',
  'billing',
  'permission',
  'not_found',
  'timeout',
  'too_large',
  'unprocessable',
  'rate_limit',
  'server',
  'overloaded',
] as const;

/** One of {@link failureKinds}. */
export type FailureKind = (typeof failureKinds)[number];

/** All that may be configured, in code or in a file. */
export interface Scenario {
  /** Fixes everything drawn or made up. Default 1. */
  readonly seed?: number;
  /** Stands below every provider's own behaviour. */
  readonly defaults?: Behaviour;
  /** Standing behaviour by provider name; in a list, those that apply to a request are merged, later ones win. */
  readonly providers?: Readonly<Record<string, Behaviour | readonly Behaviour[]>>;
  /** The first replies by provider name; after them the standing behaviour holds. */
  readonly scripts?: Readonly<Record<string, readonly ReplyBehaviour[]>>;
}
