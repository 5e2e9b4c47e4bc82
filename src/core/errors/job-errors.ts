import { APIError } from './api-error.ts';
import { nameClass } from './portkey-error.ts';

/** No further job is taken: so many wait already. Status 429; `headers` carry `retry-after`. */
export class JobQueueFullError extends APIError {
  static {
    nameClass(JobQueueFullError, 'JobQueueFullError');
  }

  constructor(most: number, etaSeconds: number) {
    super({
      status: 429,
      kind: 'capacity',
      type: 'queue_error',
      code: 'job_queue_full',
      message: `${most} jobs wait already. Nothing was queued. Submit it again later, or raise "maxWaiting" of the job queue.`,
      headers: { 'retry-after': String(Math.max(1, Math.ceil(etaSeconds))) },
    });
  }
}

/** The queue of jobs cannot be reached. `cause` is the driver's error. */
export class JobQueueError extends APIError {
  static {
    nameClass(JobQueueError, 'JobQueueError');
  }

  constructor(message: string, cause?: unknown) {
    super({ status: 503, kind: 'network', type: 'queue_error', code: 'job_queue_unreachable', message, cause });
  }
}
