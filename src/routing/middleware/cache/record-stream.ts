import type { JsonObject } from '../../../core/json.ts';
import type { ChunkStream, Reply } from '../../../core/reply.ts';
import { relay } from '../streams/relay.ts';

/** Characters of JSON at which a recording is given up. */
const longestRecording = 16 * 1024 * 1024;

/** Told once how a recording ended. */
export interface RecordingListener {
  /** The stream ended as it should; its chunks as JSON, in order. Called before the reader sees the end. */
  finished(chunks: readonly string[]): void;
  failed(error: unknown): void;
  /** The reader left, or lost the stream, before its end. */
  left(): void;
  /** Too long to be kept. */
  tooLong(): void;
}

/**
 * The same stream reply, written down while it is read. It is read as fast as it comes, not as fast as its reader asks: others may wait for
 * the recording while that reader waits for them. A recording given up for its length leaves the pace to the reader.
 */
export function recordStream(reply: Reply, source: ChunkStream, listener: RecordingListener): Reply {
  return relay(reply, source, {
    async pump(reader) {
      const recording = createRecording(listener.tooLong);
      for (let read = await source.next(); !reader.hasLeft(); read = await source.next()) {
        if (read.done) {
          const chunks = recording.chunks();
          if (chunks !== undefined) listener.finished(chunks);
          return reader.end();
        }
        recording.add(read.value);
        reader.push(read.value);
        if (recording.chunks() === undefined) await reader.wantsMore();
      }
    },
    onLeft: () => listener.left(),
    onFailed: (error) => listener.failed(error),
  });
}

/** Written down at once: the chunks themselves are the reader's to change. */
function createRecording(onTooLong: () => void) {
  let texts: string[] | undefined = [];
  let length = 0;
  return {
    /** Undefined once they were too long. */
    chunks: () => texts,
    add(chunk: JsonObject): void {
      if (texts === undefined) return;
      const text = JSON.stringify(chunk);
      length += text.length;
      if (length <= longestRecording) {
        texts.push(text);
        return;
      }
      texts = undefined;
      onTooLong();
    },
  };
}
