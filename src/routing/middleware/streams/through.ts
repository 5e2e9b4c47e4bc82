import type { JsonObject } from '../../../core/json.ts';
import type { ChunkStream, Reply } from '../../../core/reply.ts';
import { relay } from './relay.ts';

/** What happens to a stream on its way to the reader. */
export interface StreamSteps {
  /** What the reader gets in place of a chunk. */
  each(chunk: JsonObject): JsonObject;
  /** The source has ended as it should: one more chunk, or nothing. What it rejects with ends the stream. */
  atEnd(): Promise<JsonObject | undefined>;
}

/** The same reply with `steps` between its stream and the reader, as fast as the reader asks. It has ended when the reader has its end. */
export function through(reply: Reply, source: ChunkStream, steps: StreamSteps): Reply {
  return relay(reply, source, {
    async pump(reader) {
      for (let read = await source.next(); !read.done; read = await source.next()) {
        if (reader.hasLeft()) return;
        reader.push(steps.each(read.value));
        await reader.wantsMore();
      }
      if (reader.hasLeft()) return;
      const last = await steps.atEnd();
      if (last !== undefined) reader.push(last);
      reader.end();
    },
  });
}
