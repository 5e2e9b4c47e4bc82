import { bounded, publicReason } from '../../core/bounded.ts';
import { LogStoreError } from '../../core/errors/log-errors.ts';
import type { LogRecord } from '../../core/log-record.ts';
import type { LogStore } from '../../core/log-store.ts';
import type { Clock } from '../../core/runtime.ts';
import type { LossReporter } from './loss-reporter.ts';

/** Records on their way to a store: what waits, and the batch being handed over. */
export interface HandoverQueue {
  /** Takes a record that is made when its batch is. */
  push(make: () => LogRecord): void;
  /** Hands over the batch that failed before, else the next one. At once where the store answers at once. */
  handOver(): Handover | Promise<Handover>;
  /** Records not in a batch yet. */
  waiting(): number;
  /** The store did not take the last batch. */
  hasFailed(): boolean;
  /** Gives all of it up. */
  drop(why: string): void;
}

/** What came of handing one batch over. */
export type Handover = 'written' | 'failed' | 'empty';

/** A batch that failed so often is given up, so that one bad record does not hold up all others. */
const mostTries = 5;
/** A store that does not answer for so long has failed. */
const hangMs = 30_000;

/** The sizes of a {@link handoverQueue}. */
export interface HandoverSizes {
  /** Records in one batch. */
  readonly batchSize: number;
  /** Records waiting at most; of more the oldest are dropped. */
  readonly maxWaiting: number;
}

/** An empty queue before `store`. What is dropped is told to `losses`. */
export function handoverQueue(
  store: LogStore,
  { batchSize, maxWaiting }: HandoverSizes,
  losses: LossReporter,
  clock: Clock,
): HandoverQueue {
  let waiting: (() => LogRecord)[] = [];
  let batch: readonly LogRecord[] = [];
  let tries = 0;

  function nextBatch(): readonly LogRecord[] {
    const makers = waiting.slice(0, batchSize);
    waiting = waiting.slice(batchSize);
    const made: LogRecord[] = [];
    for (const make of makers) {
      try {
        made.push(make());
      } catch (error) {
        losses.add(1, `it could not be made (${publicReason(error)})`);
      }
    }
    return made;
  }

  function written(): Handover {
    batch = [];
    tries = 0;
    return 'written';
  }

  function failed(error: unknown): Handover {
    if (++tries < mostTries) return 'failed';
    const reason = error instanceof LogStoreError ? error.message : publicReason(error);
    losses.add(batch.length, `the log store failed ${mostTries} times (${reason})`);
    return written();
  }

  return {
    push(make) {
      waiting.push(make);
      if (waiting.length <= maxWaiting) return;
      // Several at once: dropping one by one would move all that wait each time.
      losses.add(waiting.splice(0, Math.ceil(maxWaiting / 10)).length, 'the log store is too slow');
    },
    handOver() {
      if (batch.length === 0) batch = nextBatch();
      if (batch.length === 0) return 'empty';
      try {
        const answer: unknown = store.append(batch);
        return answer instanceof Promise ? bounded(() => answer, hangMs, clock).then(written, failed) : written();
      } catch (error) {
        return failed(error);
      }
    },
    waiting: () => waiting.length,
    hasFailed: () => tries > 0,
    drop(why) {
      losses.add(batch.length + waiting.length, why);
      batch = [];
      waiting = [];
    },
  };
}
