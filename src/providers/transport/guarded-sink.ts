import type { ByteSink } from '../../core/transport.ts';

/** `sink`, except that what its `data` or `end` throws is told to its `error`; `giveUp` stops the flow before. */
export function guardedSink(sink: ByteSink, giveUp: () => void): ByteSink {
  return {
    data(chunk) {
      try {
        sink.data(chunk);
      } catch (error) {
        giveUp();
        sink.error(error);
      }
    },
    end() {
      try {
        sink.end();
      } catch (error) {
        sink.error(error);
      }
    },
    error: (error) => sink.error(error),
  };
}
