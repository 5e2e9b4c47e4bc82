import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { WorkerMessage, WorkerOrder, WorkerProgress, WorkerReport } from './shared-worker.ts';

/** Processes under way. */
export interface Workers {
  readonly reports: Promise<readonly WorkerReport[]>;
  /** How far each is. */
  progress(): readonly WorkerProgress[];
  /** Those without a number of calls make no further ones, and report. */
  stop(): void;
}

/** Starts `count` processes with the same order, and lets all go when each is ready. */
export async function startWorkers(count: number, order: WorkerOrder): Promise<Workers> {
  const workers = Array.from({ length: count }, () => startWorker(order));
  await Promise.all(workers.map(({ ready }) => ready));
  for (const { child } of workers) child.send('go');
  return {
    reports: Promise.all(workers.map(({ report }) => report)),
    progress: () => workers.map(({ progress }) => progress()),
    stop() {
      for (const { child } of workers) child.send('stop');
    },
  };
}

function startWorker(order: WorkerOrder) {
  const child: ChildProcess = fork(join(import.meta.dirname, 'shared-worker.ts'), [JSON.stringify(order)], {
    execArgv: [],
  });
  let progress: WorkerProgress = { done: 0, warnings: 0, answers: 0 };
  const [ready, report] = [Promise.withResolvers<void>(), Promise.withResolvers<WorkerReport>()];
  report.promise.catch(() => undefined);
  child.on('message', (message: WorkerMessage) => {
    if ('ready' in message) ready.resolve();
    else if ('report' in message) report.resolve(message.report);
    else progress = message.progress;
  });
  child.once('exit', (code, signal) => {
    const error = new Error(`A worker ended: ${code ?? signal}.`);
    ready.reject(error);
    report.reject(error);
  });
  return { child, ready: ready.promise, report: report.promise, progress: () => progress };
}
