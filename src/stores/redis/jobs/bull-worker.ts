import type { Worker } from 'bullmq';
import type { JobWork } from '../../../core/jobs.ts';
import {
  type BullData,
  type BullDesk,
  type BullJob,
  type BullPlace,
  type BullResult,
  cancelled,
  isTakenBack,
  queueName,
} from './bull-desk.ts';

/** Does jobs until it is closed. */
export interface BullWorker {
  close(): Promise<void>;
}

/** How often a running job looks whether it was cancelled, in milliseconds. */
const lookMs = 1000;

/** A worker that closes would take the job it gives back once more if it could. Milliseconds. */
const afterCloseMs = 1000;

/** A process that dies again and again with the same job takes the job with it in the end. */
const mostTakeOvers = 10;

/** Begins to do jobs. */
export function createWorker(
  { bull, connection, prefix, settings, warn }: BullPlace,
  desk: BullDesk,
  work: JobWork,
): BullWorker {
  const { concurrency, takeOverMs } = settings;
  const ending = new AbortController();

  async function process(job: BullJob, token: string | undefined): Promise<BullResult> {
    if (ending.signal.aborted) return giveBack(job, afterCloseMs, token);
    if (isTakenBack(job)) return { kind: 'failed', error: cancelled };
    const { faults, ...data } = job.data;
    const look = watch(job.data.id, desk, ending.signal);
    const outcome = await work({ ...data, tries: job.attemptsStarted - 1, faults }, look.signal).finally(look.stop);
    if (ending.signal.aborted) return giveBack(job, afterCloseMs, token);
    if (outcome.kind !== 'again') return outcome;
    if (outcome.isFault) await job.updateData({ ...job.data, faults: faults + 1 });
    return giveBack(job, outcome.afterMs, token);
  }

  /** The job goes back among those that wait, and nobody's place is taken meanwhile. */
  async function giveBack(job: BullJob, afterMs: number, token: string | undefined): Promise<never> {
    await job.moveToDelayed(Date.now() + Math.ceil(afterMs), token);
    throw new bull.DelayedError();
  }

  const worker: Worker<BullData, BullResult> = new bull.Worker(queueName, process, {
    connection,
    prefix,
    concurrency,
    lockDuration: takeOverMs,
    stalledInterval: takeOverMs,
    maxStalledCount: mostTakeOvers,
  });
  worker.on('error', (error) => warn(`Jobs are held up here: ${error.message}`));
  return {
    async close() {
      ending.abort(new DOMException('The queue was closed.', 'AbortError'));
      await worker.close();
    },
  };
}

/** A signal for one job: aborts when the job is cancelled, by whatever process, or the worker ends. */
function watch(id: string, desk: BullDesk, ending: AbortSignal) {
  const controller = new AbortController();
  const end = () => controller.abort(ending.reason);
  ending.addEventListener('abort', end, { once: true });
  const timer = setInterval(async () => {
    const isOver = await desk.isTakenBack(id).catch(() => false);
    if (isOver) controller.abort(new DOMException('The job was cancelled.', 'AbortError'));
  }, lookMs);
  return {
    signal: controller.signal,
    stop() {
      clearInterval(timer);
      ending.removeEventListener('abort', end);
    },
  };
}
