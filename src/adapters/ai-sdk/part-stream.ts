import type { JsonObject } from '../../core/json.ts';
import type { ChunkStream } from '../../core/reply.ts';
import { type PartReader, partReader } from './part-reader.ts';
import type { ProviderMetadata, StreamPart, Warning } from './spec.ts';

/** A stream of chat chunks, and what is told beside them. */
export interface PartSource {
  readonly chunks: ChunkStream;
  readonly warnings: Warning[];
  /** Each chunk is handed out as it came, too. */
  readonly includeRaw: boolean;
  /** Read at the end. */
  metadata(): ProviderMetadata;
  toError(error: unknown): unknown;
}

/**
 * Chat chunks as the AI SDK's parts. A chunk is taken only when a part is asked for; cancelling closes the provider's socket. A
 * failure is an `error` part and then the end; when the caller left, the stream fails with the reason of the signal.
 */
export function partStream(source: PartSource): ReadableStream<StreamPart> {
  const { chunks, warnings } = source;
  const reader = partReader();
  return new ReadableStream<StreamPart>(
    {
      start: (controller) => controller.enqueue({ type: 'stream-start', warnings }),
      async pull(controller) {
        const { parts, isOver } = await nextParts(reader, source);
        for (const part of parts) controller.enqueue(part);
        if (isOver) controller.close();
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}

interface Step {
  readonly parts: readonly StreamPart[];
  readonly isOver: boolean;
}

/** Chunks without a part of their own are passed over: a `pull` that brings nothing is not called again. */
async function nextParts(reader: PartReader, source: PartSource): Promise<Step> {
  try {
    for (;;) {
      const { done, value } = await source.chunks.next();
      if (done) return { parts: reader.end(source.metadata()), isOver: true };
      const parts = [...raw(value, source), ...reader.push(value)];
      if (parts.length > 0) return { parts, isOver: false };
    }
  } catch (thrown) {
    const error = source.toError(thrown);
    if (isAbort(thrown)) throw error;
    return { parts: [{ type: 'error', error }, ...reader.end(source.metadata(), 'error')], isOver: true };
  }
}

function raw(chunk: JsonObject, { includeRaw }: PartSource): readonly StreamPart[] {
  return includeRaw ? [{ type: 'raw', rawValue: chunk }] : [];
}

function isAbort(thrown: unknown): boolean {
  return (thrown as { readonly kind?: unknown } | null)?.kind === 'aborted';
}
