import { isJsonObject } from '../../core/json.ts';
import type { RecordPart } from './record-part.ts';
import type { SyncedPart } from './table-sync.ts';

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

/** What a collection is made of. */
export interface CollectionParts<Value> {
  /** What a stored value is; undefined for what cannot be one. */
  readonly read: (value: unknown) => Value | undefined;
  readonly save: () => Promise<void>;
  /** Tells other servers. `text` undefined: it was deleted. */
  readonly tell: (id: string, text: string | undefined) => Promise<void>;
}

/** An empty collection, as it is used, as it is stored, and as others follow it. */
export function createCollection<Value extends object>({ read, save, tell }: CollectionParts<Value>) {
  const values = new Map<string, Value>();
  /** Changed here since it was last written: what others wrote in the meantime does not undo that. */
  const unsaved = new Set<string>();

  function set(id: string, value: Value | undefined): void {
    if (value === undefined) values.delete(id);
    else values.set(id, value);
  }

  async function change(id: string, value: Value | undefined): Promise<void> {
    const before = values.get(id);
    set(id, value);
    unsaved.add(id);
    try {
      await save();
    } catch (error) {
      set(id, before);
      throw error;
    } finally {
      unsaved.delete(id);
    }
    await tellOf(id);
  }

  /** Makes of what is known what `kept` says, and returns the IDs of what changed. */
  function become(kept: unknown): readonly string[] {
    const theirs = new Map(Object.entries(isJsonObject(kept) ? kept : {}));
    const gone = [...values.keys()].filter((id) => !theirs.has(id) && !unsaved.has(id));
    for (const id of gone) values.delete(id);
    const changed = [...theirs].flatMap(([id, stored]) => {
      if (unsaved.has(id) || JSON.stringify(values.get(id)) === JSON.stringify(stored)) return [];
      const value = read(stored);
      if (value !== undefined) values.set(id, value);
      return value === undefined ? [] : [id];
    });
    return [...gone, ...changed];
  }

  function tellOf(id: string): Promise<void> {
    const value = values.get(id);
    return tell(id, value === undefined ? undefined : JSON.stringify(value));
  }

  const collection: Collection<Value> = {
    get: (id) => values.get(id),
    all: () => [...values.values()],
    put: change,
    async delete(id) {
      if (!values.has(id)) return false;
      await change(id, undefined);
      return true;
    },
  };
  const part: RecordPart = {
    snapshot: () => Object.fromEntries(values),
    restore: become,
    follow(kept) {
      for (const id of become(kept)) void tellOf(id);
    },
  };
  const synced: SyncedPart = {
    entries: () => new Map([...values].map(([id, value]) => [id, JSON.stringify(value)])),
    apply(id, text) {
      const value = text === undefined ? undefined : read(JSON.parse(text));
      if (text === undefined || value !== undefined) set(id, value);
      // A copy for when the shared table is gone.
      save().catch(() => undefined);
    },
  };
  return { collection, part, synced };
}
