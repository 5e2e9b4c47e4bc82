import type { ByteSink, Flow, HttpBody } from '../../core/transport.ts';
import { wireError } from './connection-error.ts';
import { guardedSink } from './guarded-sink.ts';
import type { Outgoing } from './outgoing.ts';

/** The body of a web `Response` as an `HttpBody`. */
export function webBody(response: Response, outgoing: Outgoing): HttpBody {
  return {
    text: () => read(response.text()),
    bytes: async () => new Uint8Array(await read(response.arrayBuffer())),
    flow(sink) {
      const flow = pump(
        response.body,
        guardedSink(sink, () => flow.cancel()),
        outgoing,
      );
      return flow;
    },
    cancel() {
      // Fails where a reader has the body; nothing is left to give up then.
      response.body?.cancel().catch(() => undefined);
    },
  };

  async function read<Value>(whole: Promise<Value>): Promise<Value> {
    try {
      return await whole;
    } catch (error) {
      throw broken(outgoing, error);
    }
  }
}

/** Hands `stream` to `sink` chunk by chunk, beginning in a later microtask. */
function pump(stream: ReadableStream<Uint8Array> | null, sink: ByteSink, outgoing: Outgoing): Flow {
  const { signal } = outgoing;
  const reader = stream?.getReader();
  let paused = false;
  let left = false;
  let wake: () => void = () => undefined;
  run();
  return {
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      wake();
    },
    cancel: leave,
  };

  async function run(): Promise<void> {
    try {
      for (let result = await reader?.read(); !left; result = await reader?.read()) {
        while (paused && !left) await resumed();
        if (left || result === undefined || result.done) break;
        sink.data(result.value);
      }
    } catch (error) {
      return fail(broken(outgoing, error));
    }
    if (!left) sink.end();
  }

  async function resumed(): Promise<void> {
    await new Promise<void>((resolve) => {
      wake = resolve;
      signal.addEventListener('abort', wake);
    });
    signal.removeEventListener('abort', wake);
    if (signal.aborted) throw signal.reason;
  }

  function fail(error: unknown): void {
    if (left) return;
    leave();
    sink.error(error);
  }

  function leave(): void {
    left = true;
    wake();
    reader?.cancel().catch(() => undefined);
  }
}

function broken(outgoing: Outgoing, error: unknown): unknown {
  return wireError(outgoing, 'the response broke off', error);
}
