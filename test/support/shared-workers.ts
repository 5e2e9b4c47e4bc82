import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { WorkerOrder, WorkerReport } from './shared-worker.ts';

/** Processes under way. */
export interface Workers {
  readonly reports: Promise<readonly WorkerReport[]>;
  readonly processes: readonly ChildProcess[];
}

/** Starts `count` processes with the same order, and lets all go when each is ready. */
export async function startWorkers(count: number, order: WorkerOrder): Promise<Workers> {
  const file = join(import.meta.dirname, 'shared-worker.ts');
  const processes = Array.from({ length: count }, () => fork(file, [JSON.stringify(order)], { execArgv: [] }));
  await Promise.all(processes.map((child) => nextMessage(child)));
  const reports = Promise.all(processes.map((child) => nextMessage(child) as Promise<WorkerReport>));
  reports.catch(() => undefined);
  for (const child of processes) child.send('go');
  return { reports, processes };
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code, signal) => reject(new Error(`A worker ended: ${code ?? signal}.`)));
  });
}
