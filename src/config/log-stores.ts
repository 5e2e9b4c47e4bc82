import type { LogStore } from '../core/log-store.ts';
import { lateStore } from '../observe/logs/late-store.ts';
import { memoryLogs } from '../observe/logs/memory.ts';
import type { LogOptions, LogRetention } from './log-options.ts';

/** The store that options name, and how long it keeps what. */
export interface NamedLogStore {
  readonly store: LogStore;
  readonly keep: LogRetention;
}

const defaultKeep = { days: 30, records: 1_000_000 };
const defaultInMemory = 1000;

/** The store that options name. A file or database is opened by its first use: both need what an edge runtime lacks. */
export function namedLogStore({ store, file, postgres, keep }: LogOptions): NamedLogStore {
  if (store !== undefined) return { store, keep: keep ?? {} };
  if (file !== undefined) {
    const open = () => import('../observe/logs/sqlite.ts').then(({ openSqliteLogs }) => openSqliteLogs(file));
    return { store: lateStore(open, `The log file ${file}`), keep: keep ?? defaultKeep };
  }
  if (postgres !== undefined) {
    const open = () => import('../observe/logs/postgres.ts').then(({ openPostgresLogs }) => openPostgresLogs(postgres));
    return { store: lateStore(open, 'The log database'), keep: keep ?? defaultKeep };
  }
  const { days, records = defaultInMemory } = keep ?? {};
  return { store: memoryLogs({ maxRecords: records }), keep: days === undefined ? {} : { days } };
}
