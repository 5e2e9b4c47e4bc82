import { JobQueueError } from '../../../core/errors/job-errors.ts';
import type { JobQueue, JobWork } from '../../../core/jobs.ts';
import { requireAddress } from '../connect.ts';
import { type BullConnection, connectionFor } from './bull-connection.ts';
import { type BullDesk, createDesk } from './bull-desk.ts';
import { type BullJobsOptions, type BullSettings, toSettings } from './bull-settings.ts';
import { type BullWorker, createWorker } from './bull-worker.ts';

/** What submitting and asking may take, in milliseconds. */
const longestCallMs = 5000;

/**
 * Jobs in Redis, through the package `bullmq`: kept when a process dies, done by any process of the namespace, each of which may ask for
 * them. A job whose process died is done again by another one, so its call may be made twice. `connection`: an address, a client of `ioredis` or
 * `redis`, or BullMQ's own connection options.
 */
export function bullJobs(connection: BullConnection, options: BullJobsOptions = {}): JobQueue {
  const settings = toSettings(options);
  if (typeof connection === 'string') requireAddress(connection);
  let opening: Promise<Opened> | undefined;
  let begun: { readonly work: JobWork; readonly warn: (message: string) => void } | undefined;

  /** Opened at the first use: whoever only makes the queue needs no Redis. */
  function opened(): Promise<Opened> {
    opening ??= open(connection, settings, begun);
    return opening;
  }

  async function ask<Answer>(question: (desk: BullDesk) => Promise<Answer>): Promise<Answer> {
    return within(longestCallMs, async () => question((await opened()).desk));
  }

  return {
    isDurable: true,
    start(work, warn) {
      if (begun !== undefined) throw new TypeError('This job queue belongs to another client already.');
      begun = { work, warn };
      if (settings.works) opened().catch((error: unknown) => warn(`Jobs are not done here: ${messageOf(error)}`));
    },
    submit: (job) => ask((desk) => desk.submit(job)),
    get: (id) => ask((desk) => desk.get(id)),
    cancel: (id) => ask((desk) => desk.cancel(id)),
    async close() {
      const parts = await opening?.catch(() => undefined);
      await parts?.worker?.close();
      await parts?.desk.close();
      await parts?.release();
    },
  };
}

interface Opened {
  readonly desk: BullDesk;
  readonly worker: BullWorker | undefined;
  /** Closes connections that were opened here. */
  release(): Promise<void>;
}

async function open(
  given: BullConnection,
  settings: BullSettings,
  begun: { readonly work: JobWork; readonly warn: (message: string) => void } | undefined,
): Promise<Opened> {
  const bull = await import('bullmq').catch(() => undefined);
  if (bull === undefined) throw new JobQueueError('Durable jobs need the package "bullmq": npm install bullmq.');
  const { connection, release } = connectionFor(given);
  const warn = begun?.warn ?? (() => undefined);
  const place = { bull, connection, prefix: `{modelmux:${settings.namespace}}`, settings, warn };
  const desk = createDesk(place);
  const worker = begun !== undefined && settings.works ? createWorker(place, desk, begun.work) : undefined;
  return { desk, worker, release };
}

async function within<Answer>(ms: number, ask: () => Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `The queue of jobs did not answer within ${ms} ms. A job being submitted may have been queued all the same.`;
    timer = setTimeout(() => reject(new JobQueueError(message)), ms);
  });
  try {
    return await Promise.race([ask(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
