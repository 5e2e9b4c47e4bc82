import { InvalidRequestError } from '../core/errors/request-errors.ts';
import type { LogStore } from '../core/log-store.ts';

/** The logs that a client keeps. */
export interface LogAccess {
  readonly store: LogStore;
  /** Resolves when the store was given all that ended before. */
  flush(): Promise<void>;
}

/** The store of a client's logs. Throws where it keeps none. */
export function keptLogs(access: LogAccess | undefined): LogStore {
  if (access === undefined)
    throw new InvalidRequestError('logs', 'This client keeps no logs: its option "logs" is false.');
  return access.store;
}
