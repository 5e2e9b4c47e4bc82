import type { JsonObject } from '../../core/json.ts';

/** Where a server keeps what is made over its admin calls, as one JSON object. */
export interface DataStore {
  /** Everything kept; undefined when nothing is yet. Called once. */
  read(): JsonObject | undefined | Promise<JsonObject | undefined>;
  /** Replaces what is kept, as a whole or not at all. Never called before the last call has ended. */
  write(data: JsonObject): void | Promise<void>;
  /** Runs `work`, which looks at `changed` and writes, while nobody else writes. Absent: nobody else does. */
  alone?(work: () => Promise<void>): Promise<void>;
  /** What somebody else has written since the last `read`, `write` or `changed`; undefined when nobody has. Absent: nobody else writes. */
  changed?(): JsonObject | undefined | Promise<JsonObject | undefined>;
}

/** Has `value` what a store of data needs? */
export function isDataStore(value: unknown): value is DataStore {
  const { read, write } = (value ?? {}) as Partial<DataStore>;
  return typeof read === 'function' && typeof write === 'function';
}
