import type { CacheStatus, Reply } from '../../../core/reply.ts';
import { replay } from '../streams/replay.ts';
import type { Entry } from './entry.ts';

/** A stored answer as a reply: no tokens were spent, no target was asked. A stream is replayed chunk by chunk. */
export function entryReply({ status, headers, target, body }: Entry, cache: CacheStatus): Reply {
  return {
    status,
    headers,
    target,
    retries: 0,
    cache,
    body: body.kind === 'json' ? body : { kind: 'stream', chunks: replay(body.chunks) },
    onSettle: (listener) => listener({ result: 'success' }),
  };
}
