import type { PortkeyError } from '../../../core/errors/portkey-error.ts';
import type { ChunkStream, Reply, ReplyOutcome } from '../../../core/reply.ts';
import { settlement } from '../../../core/settlement.ts';
import { type ChunkProducer, createChunkStream } from '../../../providers/transport/chunk-stream.ts';
import { createGate } from './gate.ts';
import { toOutcome } from './to-outcome.ts';

/** The reader's end of a stream that is read in its place. */
export interface Reader extends Pick<ChunkProducer, 'push' | 'end'> {
  hasLeft(): boolean;
  /** Resolves when the reader asks for more, or has left. */
  wantsMore(): Promise<void>;
}

/** What reads a source and hands it to the reader. */
export interface RelaySteps {
  /** Reads to the end. What it rejects with is what the reader gets, unless the reader has left. */
  pump(reader: Reader): Promise<void>;
  /** The reader left before the end. */
  onLeft?(): void;
  /** `pump` rejected while the reader was there, which is told next. */
  onFailed?(error: unknown): void;
}

/** The same reply with a reader of its own between `source` and whoever reads it: it settles when that reader has its end. */
export function relay(reply: Reply, source: ChunkStream, { pump, onLeft, onFailed }: RelaySteps): Reply {
  const settled = settlement();
  let ended: ReplyOutcome | undefined;
  reply.onSettle((outcome) => {
    ended = outcome;
  });
  const gate = createGate();
  let hasLeft = false;
  const { open, producer } = createChunkStream({
    pause: gate.close,
    resume: gate.open,
    close() {
      hasLeft = true;
      gate.open();
      source.return().catch(() => undefined);
      onLeft?.();
    },
    onSettle: (result, error) => settled.settle(toOutcome(result, error, ended)),
  });
  const reader: Reader = { push: producer.push, end: producer.end, hasLeft: () => hasLeft, wantsMore: gate.passed };
  pump(reader).catch((error: unknown) => {
    if (hasLeft) return;
    onFailed?.(error);
    producer.fail(error as PortkeyError);
  });
  return { ...reply, body: { kind: 'stream', chunks: open() }, onSettle: settled.onSettle };
}
