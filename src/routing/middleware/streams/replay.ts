import type { JsonObject } from '../../../core/json.ts';
import type { ChunkStream } from '../../../core/reply.ts';
import { createChunkStream } from '../../../providers/transport/chunk-stream.ts';

/** A stream of chunks that are all there. */
export function replay(chunks: readonly JsonObject[]): ChunkStream {
  const nobody = () => undefined;
  const { open, producer } = createChunkStream({ pause: nobody, resume: nobody, close: nobody, onSettle: nobody });
  for (const chunk of chunks) producer.push(chunk);
  producer.end();
  return open();
}
