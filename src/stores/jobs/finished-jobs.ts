import type { JobSnapshot } from '../../core/jobs.ts';
import type { Clock } from '../../core/runtime.ts';

/** Results of jobs, each for a while. */
export interface FinishedJobs {
  keep(job: JobSnapshot): void;
  get(id: string): JobSnapshot | undefined;
}

/** None yet. There are no timers: what has had its time goes when something is kept or asked for. */
export function createFinishedJobs({
  maxResults = 10_000,
  resultTtlMs = 3_600_000,
  clock,
}: {
  readonly maxResults?: number;
  readonly resultTtlMs?: number;
  readonly clock: Pick<Clock, 'now'>;
}): FinishedJobs {
  // In the order they finished.
  const jobs = new Map<string, { readonly job: JobSnapshot; readonly until: number }>();

  function dropOld(): void {
    const now = clock.now();
    for (const [id, { until }] of jobs) {
      if (until > now && jobs.size <= maxResults) return;
      jobs.delete(id);
    }
  }

  return {
    keep(job) {
      jobs.set(job.id, { job, until: clock.now() + resultTtlMs });
      dropOld();
    },
    get(id) {
      dropOld();
      return jobs.get(id)?.job;
    },
  };
}
