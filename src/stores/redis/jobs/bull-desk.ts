import type { ConnectionOptions, Job, Queue } from 'bullmq';
import { JobQueueFullError } from '../../../core/errors/job-errors.ts';
import type { JobError, JobOutcome, JobSnapshot, NewJob, SubmittedJob } from '../../../core/jobs.ts';
import type { BullSettings } from './bull-settings.ts';

/** BullMQ, and where its queue is. */
export interface BullPlace {
  readonly bull: typeof import('bullmq');
  readonly connection: ConnectionOptions;
  readonly prefix: string;
  readonly settings: BullSettings;
  readonly warn: (message: string) => void;
}

/** A job as it is kept in Redis. */
export interface BullData extends Omit<NewJob, 'priority'> {
  readonly faults: number;
}

/** What a job came to, as it is kept. */
export type BullResult = Exclude<JobOutcome, { kind: 'again' }>;

export type BullJob = Job<BullData, BullResult>;
type BullQueue = Queue<BullJob>;

/** Where jobs are handed in and asked for. */
export interface BullDesk {
  submit(job: NewJob): Promise<SubmittedJob>;
  get(id: string): Promise<JobSnapshot | undefined>;
  cancel(id: string): Promise<boolean>;
  isTakenBack(id: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Name of the queue below its prefix. */
export const queueName = 'jobs';

/** Seconds a job is taken for where nobody knows better. */
const secondsPerJob = 5;

/** Opens the desk. */
export function createDesk({ bull, connection, prefix, settings, warn }: BullPlace): BullDesk {
  const { maxWaiting, concurrency, resultTtlMs } = settings;
  const queue: BullQueue = new bull.Queue(queueName, { connection, prefix });
  queue.on('error', (error) => warn(`The queue of jobs has a problem: ${error.message}`));
  const kept = { age: Math.ceil(resultTtlMs / 1000) };

  return {
    async submit({ priority, ...job }) {
      const waiting = await queue.getJobCountByTypes('waiting', 'prioritized', 'delayed');
      const eta = Math.ceil((waiting + 1) / concurrency) * secondsPerJob;
      if (waiting >= maxWaiting) throw new JobQueueFullError(maxWaiting, eta);
      // To BullMQ a job without priority, 0, is the most urgent one, as to us.
      const options = { jobId: job.id, priority, removeOnComplete: kept, removeOnFail: kept };
      await queue.add('call', { ...job, faults: 0 }, options);
      return { id: job.id, status: 'queued', eta };
    },
    async get(id) {
      const job = await queue.getJob(id);
      return job === undefined ? undefined : snapshotOf(job, await job.getState(), resultTtlMs);
    },
    async cancel(id) {
      const job = await queue.getJob(id);
      if (job === undefined || isTakenBack(job)) return false;
      const state = await job.getState();
      if (state === 'completed' || state === 'failed') return false;
      // Whoever does it, or is to do it, sees this; the data of the job are theirs to write.
      await job.updateProgress(takenBack);
      return true;
    },
    async isTakenBack(id) {
      const job = await queue.getJob(id);
      return job !== undefined && isTakenBack(job);
    },
    close: () => queue.close(),
  };
}

const takenBack = 'taken back';

/** Was the job cancelled? */
export function isTakenBack({ progress }: Pick<BullJob, 'progress'>): boolean {
  return progress === takenBack;
}

/** What a job ends with that was cancelled. */
export const cancelled: JobError = { message: 'The job was cancelled.', kind: 'aborted' };

function snapshotOf(job: BullJob, state: string, resultTtlMs: number): JobSnapshot | undefined {
  const id = job.data.id;
  // BullMQ forgets old results only when others finish.
  if (job.finishedOn !== undefined && Date.now() - job.finishedOn >= resultTtlMs) return undefined;
  if (isTakenBack(job)) return { id, status: 'finished', error: cancelled };
  if (state === 'failed') {
    const error: JobError = { message: job.failedReason ?? 'The job failed.', kind: 'server' };
    return { id, status: 'finished', error };
  }
  if (state !== 'completed') return { id, status: state === 'active' ? 'running' : 'queued' };
  const { returnvalue } = job;
  return returnvalue.kind === 'finished'
    ? { id, status: 'finished', result: returnvalue.result }
    : { id, status: 'finished', error: returnvalue.error };
}
