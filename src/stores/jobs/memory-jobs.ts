import { JobQueueFullError } from '../../core/errors/job-errors.ts';
import type { JobError, JobQueue } from '../../core/jobs.ts';
import type { JsonObject } from '../../core/json.ts';
import { type Clock, systemClock } from '../../core/runtime.ts';
import { createEta } from './eta.ts';
import { createFinishedJobs } from './finished-jobs.ts';
import { createWorkshop, type Job } from './workshop.ts';

/** Options of {@link memoryJobs}. */
export interface MemoryJobsOptions {
  /** Jobs done at once. Default 20. */
  readonly concurrency?: number;
  /** Jobs that may wait or run; one more is refused. Default 10,000. */
  readonly maxWaiting?: number;
  /** Results kept; the oldest goes first. Default 10,000. */
  readonly maxResults?: number;
  /** Milliseconds a result is kept. Default an hour. */
  readonly resultTtlMs?: number;
  readonly clock?: Clock;
}

/** Jobs in this process's memory: lost when it ends. The most urgent goes first; one that waits for its next try takes nobody's place. */
export function memoryJobs(options: MemoryJobsOptions = {}): JobQueue {
  const { concurrency = 20, maxWaiting = 10_000, clock = systemClock } = options;
  const open = new Map<string, Job>();
  const finished = createFinishedJobs({ ...options, clock });
  const eta = createEta(concurrency);
  const workshop = createWorkshop({ concurrency, clock, eta }, (job, outcome) => end(job, outcome));
  let submitted = 0;

  function end({ job: { id } }: Job, ended: { readonly result: JsonObject } | { readonly error: JobError }): void {
    open.delete(id);
    const facts = 'result' in ended ? { result: ended.result } : { error: ended.error };
    finished.keep({ id, status: 'finished', ...facts });
  }

  return {
    isDurable: false,
    start: workshop.open,
    async submit(job) {
      if (open.size >= maxWaiting) throw new JobQueueFullError(maxWaiting, eta.secondsFor(open.size));
      const added: Job = { job, order: submitted++, tries: 0, faults: 0 };
      open.set(job.id, added);
      const seconds = eta.secondsFor(open.size);
      workshop.add(added);
      return { id: job.id, status: 'queued', eta: seconds };
    },
    async get(id) {
      const job = open.get(id);
      if (job === undefined) return finished.get(id);
      return { id, status: job.controller === undefined ? 'queued' : 'running' };
    },
    async cancel(id) {
      const job = open.get(id);
      if (job === undefined) return false;
      workshop.drop(job);
      end(job, { error: cancelled });
      return true;
    },
    async close() {
      workshop.close();
      for (const job of [...open.values()]) {
        workshop.drop(job);
        end(job, { error: closed });
      }
    },
  };
}

/** What a job ends with that was taken back. */
export const cancelled: JobError = { message: 'The job was cancelled.', kind: 'aborted' };
const closed: JobError = { message: 'The queue was closed before the job was done.', kind: 'aborted' };
