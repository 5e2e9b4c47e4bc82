import type { JsonObject } from '../../../core/json.ts';
import type { CacheStatus, ChunkStream, Reply } from '../../../core/reply.ts';
import { createChunkStream } from '../../../providers/transport/chunk-stream.ts';
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

function replay(chunks: readonly JsonObject[]): ChunkStream {
  const nobody = () => undefined;
  const { stream, producer } = createChunkStream({ pause: nobody, resume: nobody, close: nobody, onSettle: nobody });
  for (const chunk of chunks) producer.push(chunk);
  producer.end();
  return stream;
}
