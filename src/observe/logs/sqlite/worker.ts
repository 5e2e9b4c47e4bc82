import { openSqliteDatabase, type SqliteDatabase } from './database.ts';
import type { WorkerAnswer, WorkerCall, WorkerFailure } from './protocol.ts';

// The thread that reads and writes the file: a slow disk, a checkpoint or a long search holds up nobody's requests.
const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');

function answer(id: number, work: () => unknown): void {
  try {
    parentPort?.postMessage({ id, value: work() } satisfies WorkerAnswer);
  } catch (error) {
    parentPort?.postMessage({ id, failure: toFailure(error) } satisfies WorkerAnswer);
  }
}

function toFailure(error: unknown): WorkerFailure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, code } = error as Error & { code?: unknown };
  return { name, message, ...(typeof code === 'string' ? { code } : {}) };
}

let database: SqliteDatabase | undefined;
answer(0, () => {
  database = openSqliteDatabase(String(workerData));
  return undefined;
});
parentPort?.on('message', ({ id, method, argument }: WorkerCall) =>
  answer(id, () => {
    if (database === undefined) throw new Error('The file is not open.');
    return (database[method] as (argument: unknown) => unknown)(argument);
  }),
);
