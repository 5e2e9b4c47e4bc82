import type { Attempt } from '../core/attempt.ts';
import type { HeaderMap, Reply } from '../core/reply.ts';

/** A reply as it leaves the routing tree, with what the caller may ask about it. */
export interface ServedReply {
  readonly reply: Reply;
  /** Our own headers, names with the `x-portkey-` prefix: `x-portkey-trace-id`, `x-portkey-cache-status`, … */
  readonly headers: HeaderMap;
  /** Our ID of this call; the provider's own is among `reply.headers`. */
  readonly requestId: string;
  readonly traceId: string;
  /** Every attempt, in order, the answering one last. */
  readonly attempts: readonly Readonly<Attempt>[];
  /**
   * For the caller to end a stream with; best made when it is first asked for. It must not reach the signal of the
   * request: a {@link Stream} ends its chunks itself when it aborts, without an error.
   */
  readonly controller: AbortController;
  /** The provider's address, where known. */
  readonly url?: string;
}
