import type { PortkeyError } from '../../../core/errors/portkey-error.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ChunkStream, Reply, ReplyOutcome } from '../../../core/reply.ts';
import { settlement } from '../../../core/settlement.ts';
import { createChunkStream } from '../../../providers/transport/chunk-stream.ts';
import { createGate } from './gate.ts';
import { toOutcome } from './to-outcome.ts';

/** What happens to a stream on its way to the reader. */
export interface StreamSteps {
  /** What the reader gets in place of a chunk. */
  each(chunk: JsonObject): JsonObject;
  /** The source has ended as it should: one more chunk, or nothing. What it rejects with ends the stream. */
  atEnd(): Promise<JsonObject | undefined>;
}

/** The same reply with `steps` between its stream and the reader, as fast as the reader asks. It has ended when the reader has its end. */
export function through(reply: Reply, source: ChunkStream, steps: StreamSteps): Reply {
  const settled = settlement();
  let ended: ReplyOutcome | undefined;
  reply.onSettle((outcome) => {
    ended = outcome;
  });
  const gate = createGate();
  let hasLeft = false;
  const { stream, producer } = createChunkStream({
    pause: gate.close,
    resume: gate.open,
    close() {
      hasLeft = true;
      gate.open();
      source.return().catch(() => undefined);
    },
    onSettle: (result, error) => settled.settle(toOutcome(result, error, ended)),
  });

  async function pump(): Promise<void> {
    for (let read = await source.next(); !read.done; read = await source.next()) {
      if (hasLeft) return;
      producer.push(steps.each(read.value));
      await gate.passed();
    }
    if (hasLeft) return;
    const last = await steps.atEnd();
    if (last !== undefined) producer.push(last);
    producer.end();
  }

  pump().catch((error: unknown) => {
    if (!hasLeft) producer.fail(error as PortkeyError);
  });
  return { ...reply, body: { kind: 'stream', chunks: stream }, onSettle: settled.onSettle };
}
