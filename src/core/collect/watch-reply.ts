import type { Endpoint } from '../endpoint.ts';
import type { JsonObject } from '../json.ts';
import type { Reply } from '../reply.ts';
import { streamCollector } from './stream.ts';

/**
 * Looks at the body of a reply of this endpoint on its way to the caller. The returned function gives what came: once the reply has settled
 * all of it, of a stream put together, whether it was read or not. It does not hold the stream.
 */
export function watchReply({ body }: Reply, endpoint: Endpoint): () => JsonObject | Uint8Array | undefined {
  if (body.kind === 'json') return () => body.value;
  if (body.kind === 'bytes') return () => body.bytes;
  return watchStream(body.chunks, endpoint);
}

/** Apart, so that the function it returns has nothing of the stream in its scope. */
function watchStream(chunks: { watch(see: (chunk: JsonObject) => void): void }, endpoint: Endpoint) {
  const collector = streamCollector(endpoint);
  chunks.watch(collector.add);
  return collector.whole;
}
