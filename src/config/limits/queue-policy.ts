import type { QueuePolicy } from '../../routing/middleware/index.ts';
import type { Queue } from './limit-config.ts';

const defaultMaxWait = 10;
const defaultMaxSize = 1000;
/** A request becomes more urgent by so many steps while it waits, where `aging` does not say. */
const stepsWhileWaiting = 10;

/** Does anybody wait by it? */
export function isOn(queue: QueuePolicy | undefined): queue is QueuePolicy {
  return queue !== undefined && queue.maxWaitMs > 0;
}

/** `queue` of a config, seconds to milliseconds, with its defaults. */
export function toQueuePolicy({ max_wait = defaultMaxWait, max_size, default_priority, aging }: Queue): QueuePolicy {
  const agingMs = (aging ?? max_wait / stepsWhileWaiting) * 1000;
  return {
    maxWaitMs: max_wait * 1000,
    maxSize: max_size ?? defaultMaxSize,
    defaultPriority: default_priority ?? 0,
    agingMs: agingMs === 0 ? Number.POSITIVE_INFINITY : agingMs,
  };
}
