import type { TargetInfo } from './attempt.ts';
import type { PortkeyError } from './errors/portkey-error.ts';
import type { HookResults } from './hooks.ts';
import type { JsonObject } from './json.ts';
import type { Usage } from './usage.ts';

/** Header names in lower case; several values of one name are joined with `, `. */
export type HeaderMap = Readonly<Record<string, string>>;

/** A provider's answer in OpenAI's shape, and who gave it. */
export interface Reply {
  /** 200, or another 2xx as the provider sent it. */
  readonly status: number;
  /** The provider's response headers. */
  readonly headers: HeaderMap;
  readonly target: TargetInfo;
  readonly body: ReplyBody;
  /** Retries used by the answering target. */
  readonly retries: number;
  readonly cache: CacheStatus;
  /** What guardrails said so far, where the answering target has any; of a stream, complete when it has ended. */
  readonly hookResults?: () => HookResults;
  /**
   * Calls `listener` once, when the reply has ended: at once for a whole body, for a stream when its last chunk has come
   * (whether it was read yet or not), the reader left, or the wire broke. Also for a stream that is dropped unread.
   */
  onSettle(listener: (outcome: ReplyOutcome) => void): void;
}

/** In the order that databases keep: new ones are added at the end. */
export const cacheStatuses = ['HIT', 'MISS', 'REFRESH', 'DISABLED', 'SEMANTIC HIT', 'SEMANTIC MISS'] as const;

/** `x-portkey-cache-status` as Portkey spells it. */
export type CacheStatus = (typeof cacheStatuses)[number];

/** What a reply carries. */
export type ReplyBody =
  /** `text`: the value as the provider wrote it, where it is unchanged and the call asked for it. */
  | { readonly kind: 'json'; readonly value: JsonObject; readonly text?: string }
  | { readonly kind: 'stream'; readonly chunks: ChunkStream }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** What a read of a {@link ChunkStream} gives. `text`: the chunk's JSON without line breaks, as its provider wrote it, where it is unchanged and the call asked for it. */
export type ChunkResult =
  | { readonly done: false; readonly value: JsonObject; readonly text?: string | undefined }
  | { readonly done: true; readonly value: undefined };

/** Chunks in OpenAI's shape, read once. `return()` closes the provider's socket; a failure rejects `next()` with a `PortkeyError`. */
export interface ChunkStream extends AsyncIterableIterator<JsonObject> {
  next(): Promise<ChunkResult>;
  return(): Promise<ChunkResult>;
  /** Ends the stream from outside: the reader sees `error`, the socket closes. */
  cancel(error: PortkeyError): void;
  /** Once `signal` is aborted the reader sees `toError(reason)` in place of chunks that wait, also of a reply that has ended. */
  heed(signal: AbortSignal, toError: (reason: unknown) => PortkeyError): void;
  /** Shows `see` every chunk that waits to be read, and every further one as it comes: all of them before the reply settles. */
  watch(see: (chunk: JsonObject) => void): void;
}

/** How a reply ended. */
export interface ReplyOutcome {
  readonly result: 'success' | 'failure' | 'aborted';
  readonly error?: PortkeyError;
  readonly usage?: Usage;
  /** Chunks of a stream. */
  readonly chunks?: number;
}
