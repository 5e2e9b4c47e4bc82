import type { Worker } from 'node:worker_threads';
import type { LogStore } from '../../core/log-store.ts';
import { toRow } from './sql-row.ts';
import type { SqliteDatabase } from './sqlite/database.ts';
import type { WorkerAnswer, WorkerCall } from './sqlite/protocol.ts';

/**
 * Log records in one SQLite file, through `node:sqlite` in a thread of its own; where a bundler left that behind, in this one. The thread keeps the process running while something is being
 * written or asked, not otherwise. Rejects when the file cannot be opened.
 */
export async function openSqliteLogs(path: string, thread: URL = workerUrl()): Promise<LogStore> {
  const { Worker: WorkerThread } = process.getBuiltinModule('node:worker_threads');
  const worker = new WorkerThread(thread, {
    workerData: path,
    // That SQLite is new in Node is no news to the user.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const calls = callsTo(worker);
  try {
    await calls.opened;
  } catch (error) {
    if (isMissing(error)) return openHere(path);
    throw error;
  }
  return {
    // As rows: whole records would cost twice as much to hand over.
    append: (records) => calls.call('append', records.map(toRow)),
    list: (query) => calls.call('list', query),
    figures: (query) => calls.call('figures', query),
    get: (id) => calls.call('get', id),
    putFeedback: (feedback) => calls.call('putFeedback', feedback),
    feedback: (id) => calls.call('feedback', id),
    feedbackOn: (traceIds) => calls.call('feedbackOn', traceIds),
    prune: (limits) => calls.call('prune', limits),
    async close() {
      await calls.call('close', undefined);
      await worker.terminate();
    },
  };
}

/** Beside this file: as it is written, and as it is shipped. */
function workerUrl(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? './sqlite/worker.ts' : './sqlite-worker.js', here);
}

/** A bundler that puts everything into one file leaves the worker's behind. */
function isMissing(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
}

/** The same in this thread: what is slow about the disk is slow for all. */
async function openHere(path: string): Promise<LogStore> {
  const { openSqliteDatabase } = await import('./sqlite/database.ts');
  const database = openSqliteDatabase(path);
  return { ...database, append: (records) => database.append(records.map(toRow)) };
}

type Method = keyof SqliteDatabase;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Calls to the worker and their answers. */
function callsTo(worker: Worker) {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let end: Error | undefined;

  function wait(id: number): Promise<unknown> {
    // Only who waits for an answer keeps the process running.
    worker.ref();
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  function settle(id: number, how: (one: Waiting) => void): void {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (one !== undefined) how(one);
  }

  function failAll(error: Error): void {
    end ??= error;
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(error));
  }

  worker.on('message', (answer: WorkerAnswer) =>
    settle(answer.id, ({ resolve, reject }) => {
      if ('value' in answer) return resolve(answer.value);
      reject(Object.assign(new Error(answer.failure.message), answer.failure));
    }),
  );
  worker.on('error', failAll);
  worker.on('exit', () => failAll(new Error('The thread of the log file has ended.')));
  return {
    opened: wait(0),
    call<Name extends Method>(
      method: Name,
      argument: Parameters<SqliteDatabase[Name]>[0],
    ): Promise<ReturnType<SqliteDatabase[Name]>> {
      if (end !== undefined) return Promise.reject(end);
      const call: WorkerCall = { id: ++last, method, argument };
      worker.postMessage(call);
      return wait(call.id) as Promise<ReturnType<SqliteDatabase[Name]>>;
    },
  };
}
