import type { EventSink } from '../../core/events.ts';
import type { LogRecord } from '../../core/log-record.ts';
import type { LogStore } from '../../core/log-store.ts';
import type { Clock } from '../../core/runtime.ts';
import { type Handover, handoverQueue } from './handover.ts';
import { lossReporter } from './loss-reporter.ts';

/** Brings records to a store, in batches, beside the requests they tell of. */
export interface LogWriter {
  /** Takes a record that is made when its batch is written. Never throws, never waits. */
  add(make: () => LogRecord): void;
  /** Resolves when the store was given all that was added before: it is written then, or kept for another try. Never rejects. */
  flush(): Promise<void>;
  /** Flushes and ends. What could not be written is dropped; what is added later is dropped without a word. */
  close(): Promise<void>;
}

/** How a {@link createLogWriter} works. */
export interface LogWriterOptions {
  /** For the short wait until a batch is written: a program that ends by itself has its last records written first. */
  readonly clock: Clock;
  /** For longer waits, which keep no process running. */
  readonly background: Clock;
  readonly events: EventSink;
  /** Records waiting at most; of more the oldest are dropped. Default 10,000. */
  readonly maxWaiting?: number;
}

/** For a store that takes records at no cost: records are made when somebody looks, or when there are so many. */
const lazyBatch = { records: 16, delayMs: Number.POSITIVE_INFINITY };
const retryMs = 1000;

/**
 * A writer over `store`. What a slow, full or broken store does not take waits for another try; records without room to wait, and
 * batches that failed five times, are dropped, and a `warning` event of code `logs` says how many and why, at most every 10 s.
 */
export function createLogWriter(store: LogStore, options: LogWriterOptions): LogWriter {
  const { clock, background, maxWaiting = 10_000 } = options;
  const { records: batchSize, delayMs } = store.batch ?? lazyBatch;
  const losses = lossReporter(options);
  const queue = handoverQueue(store, { batchSize, maxWaiting }, losses, background);
  const timer = oneTimer(drain);
  let draining: Promise<void> | undefined;
  let isClosed = false;

  /** Writes until nothing waits or the store fails; at once where the store answers at once. */
  function drain(): Promise<void> | undefined {
    if (draining !== undefined) return draining;
    timer.cancel();
    let handover = queue.handOver();
    while (handover === 'written') handover = queue.handOver();
    if (handover instanceof Promise) draining = goOn(handover);
    else plan();
    return draining;
  }

  async function goOn(first: Promise<Handover>): Promise<void> {
    let handover = await first;
    while (handover === 'written') handover = await queue.handOver();
    draining = undefined;
    plan();
  }

  function plan(): void {
    if (isClosed || draining !== undefined) return;
    if (queue.hasFailed()) timer.start(retryMs, background);
    else if (queue.waiting() >= batchSize) timer.start(0, clock);
    else if (queue.waiting() > 0) timer.start(delayMs, clock);
  }

  return {
    add(make) {
      if (isClosed) return;
      queue.push(make);
      if (store.batch === undefined && queue.waiting() >= batchSize && !queue.hasFailed()) drain();
      else plan();
    },
    async flush() {
      // What is being written now may not hold the latest.
      await draining;
      await drain();
    },
    async close() {
      if (isClosed) return;
      await draining;
      await drain();
      isClosed = true;
      timer.cancel();
      queue.drop('the client was closed');
      losses.tell();
    },
  };
}

/** One timer at a time; the one that is due sooner stays. */
function oneTimer(run: () => unknown) {
  let cancelCurrent: (() => void) | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  const cancel = () => {
    cancelCurrent?.();
    cancelCurrent = undefined;
    dueAt = Number.POSITIVE_INFINITY;
  };
  return {
    cancel,
    start(ms: number, clock: Clock): void {
      if (!Number.isFinite(ms) || (cancelCurrent !== undefined && clock.now() + ms >= dueAt)) return;
      cancel();
      dueAt = clock.now() + ms;
      cancelCurrent = clock.after(ms, () => {
        cancel();
        run();
      });
    },
  };
}
