import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { DataStore } from './data-store.ts';

/** Things of one sort by their ID, kept with the server's data. */
export interface Collection<Value> {
  get(id: string): Value | undefined;
  /** The oldest first. */
  all(): readonly Value[];
  /** Resolves when it is kept; before that it already counts. Rejects, and takes it back, when it cannot be kept. */
  put(id: string, value: Value): Promise<void>;
  /** True when there was one. */
  delete(id: string): Promise<boolean>;
}

/** A server's data. */
export interface Records {
  /** What of it there is nothing known until then; undefined when there is nothing to wait for. */
  loaded(): Promise<void> | undefined;
  /** The collection under `name`. `read` says what a stored value is, undefined for what cannot be one. */
  collection<Value>(name: string, read: (value: unknown) => Value | undefined): Collection<Value>;
  /** Keeps what `snapshot` gives with each write. Told once what was kept before. */
  part(name: string, part: RecordPart): void;
  /** Writes everything; one write at a time, and none for what one already under way will hold. */
  save(): Promise<void>;
}

/** Data of a shape of its own. */
export interface RecordPart {
  snapshot(): unknown;
  restore(value: unknown): void;
}

/** The data in `store`; without one in memory. */
export function createRecords(store: DataStore | (() => Promise<DataStore>) | undefined): Records {
  const parts = new Map<string, RecordPart>();
  let opened: DataStore | undefined;
  let loading: Promise<void> | undefined = store === undefined ? undefined : load(store);
  let writing: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  // Told to whoever waits for it; until then nobody may.
  loading?.catch(() => undefined);

  async function load(from: NonNullable<typeof store>): Promise<void> {
    opened = typeof from === 'function' ? await from() : from;
    const data = (await opened.read()) ?? {};
    for (const [name, part] of parts) if (Object.hasOwn(data, name)) part.restore(data[name]);
    loading = undefined;
  }

  function snapshot(): JsonObject {
    return Object.fromEntries([...parts].map(([name, part]) => [name, part.snapshot()]));
  }

  async function write(): Promise<void> {
    await loading;
    await opened?.write(snapshot());
  }

  function save(): Promise<void> {
    if (writing === undefined) {
      writing = write().finally(() => {
        writing = undefined;
      });
      return writing;
    }
    next ??= writing
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return save();
      });
    return next;
  }

  return {
    loaded: () => loading,
    save,
    part: (name, part) => void parts.set(name, part),
    collection(name, read) {
      const values = new Map<string, ReturnType<typeof read> & {}>();
      parts.set(name, {
        snapshot: () => Object.fromEntries(values),
        restore: (kept) => {
          for (const [id, value] of Object.entries(isJsonObject(kept) ? kept : {})) {
            const known = read(value);
            if (known !== undefined && known !== null) values.set(id, known);
          }
        },
      });
      return collectionOf(values, save);
    },
  };
}

function collectionOf<Value>(values: Map<string, Value>, save: () => Promise<void>): Collection<Value> {
  function set(id: string, value: Value | undefined): void {
    if (value === undefined) values.delete(id);
    else values.set(id, value);
  }
  async function change(id: string, value: Value | undefined): Promise<void> {
    const before = values.get(id);
    set(id, value);
    try {
      await save();
    } catch (error) {
      set(id, before);
      throw error;
    }
  }
  return {
    get: (id) => values.get(id),
    all: () => [...values.values()],
    put: change,
    async delete(id) {
      if (!values.has(id)) return false;
      await change(id, undefined);
      return true;
    },
  };
}
