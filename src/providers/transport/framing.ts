import { APIConnectionError, UnreadableReplyError } from '../../core/errors/index.ts';
import type { WireEvent } from '../../core/provider.ts';

/** Makes a reader that cuts the bytes of one stream into events. */
export type Framing = (onEvent: (event: WireEvent) => void, options?: FramingOptions) => FrameReader;

/** Takes the bytes of one stream, cut anywhere. What `onEvent` throws comes out of `feed` and `end`. */
export interface FrameReader {
  /** Hands out every event that `chunk` completes. Throws `UnreadableReplyError` for bytes that are not in this framing. */
  feed(chunk: Uint8Array): void;
  /** The stream is over: hands out what is pending. Throws `APIConnectionError` when it was cut in the middle of a frame. */
  end(): void;
}

/** Limits of a frame reader. */
export interface FramingOptions {
  /** Most that one event may hold, in bytes for binary framings and in UTF-16 units for text; 64 MiB when absent. */
  readonly maxEventSize?: number;
}

/** So much is no event of a language model; a stream without line breaks would else fill the memory. */
export const defaultMaxEventSize = 64 * 1024 * 1024;

/** The error for an event beyond the limit; `received` is where it begins, or its latest part. */
export function oversized(maxEventSize: number, received: string): UnreadableReplyError {
  return new UnreadableReplyError(`One event of the stream is larger than ${maxEventSize}`, received);
}

/** The error for a stream that ended within a frame. */
export function cutShort(what: string): APIConnectionError {
  return new APIConnectionError(`The stream ended in the middle of ${what}`);
}
