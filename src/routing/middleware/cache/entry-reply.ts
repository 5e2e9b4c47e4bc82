import type { CacheStatus, ChunkStream, Reply } from '../../../core/reply.ts';
import { settlement } from '../../../core/settlement.ts';
import { createChunkStream } from '../../../providers/transport/chunk-stream.ts';
import type { Entry } from './entry.ts';

/** A stored answer as a reply: no tokens were spent, no target was asked. A stream is replayed chunk by chunk, until `signal` aborts. */
export function entryReply({ status, headers, target, body }: Entry, cache: CacheStatus, signal: AbortSignal): Reply {
  const facts = { status, headers, target, retries: 0, cache };
  if (body.kind === 'json') return { ...facts, body, onSettle: (listener) => listener({ result: 'success' }) };
  const settled = settlement();
  const { stream, producer } = createChunkStream({
    pause: () => undefined,
    resume: () => undefined,
    close: () => undefined,
    onSettle: (result, error) => settled.settle(error === undefined ? { result } : { result, error }),
  });
  for (const chunk of body.chunks) producer.push(chunk);
  producer.end();
  settled.onSettle(endOnAbort(stream, signal));
  return { ...facts, body: { kind: 'stream', chunks: stream }, onSettle: settled.onSettle };
}

/** The returned function lets go of the signal. Only the reader may hold the stream: one that its reader lost is then settled. */
function endOnAbort(stream: ChunkStream, signal: AbortSignal): () => void {
  const held = new WeakRef(stream);
  const onAbort = () => held.deref()?.cancel(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return () => signal.removeEventListener('abort', onAbort);
}
