import type { JobOutcome, JobWork, NewJob } from '../../core/jobs.ts';
import type { Clock } from '../../core/runtime.ts';
import type { Eta } from './eta.ts';

/** A job that is not done yet. */
export interface Job {
  readonly job: NewJob;
  /** Tells jobs of one priority apart: who came first. */
  readonly order: number;
  tries: number;
  faults: number;
  /** Ends the call under way. */
  controller?: AbortController;
  /** Ends the wait for the next try. */
  cancelWait?: () => void;
}

/** Does jobs, a bounded number at once, in the order of their turns. */
export interface Workshop {
  open(work: JobWork): void;
  add(job: Job): void;
  /** Forgets a job: it is not done any more, its call is aborted. */
  drop(job: Job): void;
  /** Begins no further job. */
  close(): void;
}

/** A workshop without work. `onEnd` is told of jobs that are done, not of those dropped. */
export function createWorkshop(
  { concurrency, clock, eta }: { readonly concurrency: number; readonly clock: Clock; readonly eta: Eta },
  onEnd: (job: Job, outcome: Exclude<JobOutcome, { kind: 'again' }>) => void,
): Workshop {
  /** In the order of their turns, the next one last. */
  const ready: Job[] = [];
  let work: JobWork | undefined;
  let running = 0;

  function add(job: Job): void {
    ready.splice(placeOf(job, ready), 0, job);
    doNext();
  }

  function doNext(): void {
    while (work !== undefined && running < concurrency) {
      const next = ready.pop();
      if (next === undefined) return;
      running++;
      run(next, work);
    }
  }

  async function run(job: Job, once: JobWork): Promise<void> {
    const startedAt = clock.now();
    const controller = new AbortController();
    job.controller = controller;
    const { priority: _priority, ...task } = job.job;
    const outcome = await once({ ...task, tries: job.tries++, faults: job.faults }, controller.signal);
    delete job.controller;
    running--;
    eta.took(clock.now() - startedAt);
    if (!controller.signal.aborted) settle(job, outcome);
    doNext();
  }

  function settle(job: Job, outcome: JobOutcome): void {
    if (outcome.kind !== 'again') {
      onEnd(job, outcome);
      return;
    }
    if (outcome.isFault) job.faults++;
    job.cancelWait = clock.after(outcome.afterMs, () => {
      delete job.cancelWait;
      add(job);
    });
  }

  return {
    add,
    open(given) {
      if (work !== undefined) throw new TypeError('This job queue belongs to another client already.');
      work = given;
      doNext();
    },
    drop(job) {
      const index = ready.indexOf(job);
      if (index >= 0) ready.splice(index, 1);
      job.cancelWait?.();
      job.controller?.abort(new DOMException('The job was taken back.', 'AbortError'));
    },
    close() {
      work = undefined;
    },
  };
}

/** Where a job belongs among others, found by halving. */
function placeOf({ job: { priority }, order }: Job, ready: readonly Job[]): number {
  let low = 0;
  let high = ready.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = ready[middle] as Job;
    const isBefore = other.job.priority < priority || (other.job.priority === priority && other.order < order);
    if (isBefore) high = middle;
    else low = middle + 1;
  }
  return low;
}
