import type { JsonObject } from '../../core/json.ts';
import type { Clock } from '../../core/runtime.ts';
import { coalesced } from './coalesced.ts';
import { type Collection, createCollection } from './collection.ts';
import type { DataStore } from './data-store.ts';
import type { RecordPart } from './record-part.ts';
import { repeat } from './repeat.ts';
import type { TableSync } from './table-sync.ts';

/** A server's data. */
export interface Records {
  /** What of it there is nothing known until then; undefined when there is nothing to wait for. */
  loaded(): Promise<void> | undefined;
  /** The collection under `name`. `read` says what a stored value is, undefined for what cannot be one. */
  collection<Value extends object>(name: string, read: (value: unknown) => Value | undefined): Collection<Value>;
  /** Keeps what `snapshot` gives with each write. Told once what was kept before. */
  part(name: string, part: RecordPart): void;
  /** Writes everything; one write at a time, and none for what one already under way will hold. */
  save(): Promise<void>;
  /** Nothing is looked for any more; what is changed is still kept. */
  stop(): void;
}

/** What records are made of. */
export interface RecordsParts {
  /** Absent: all is in memory. */
  readonly store: DataStore | (() => Promise<DataStore>) | undefined;
  /** Keeps collections the same in all servers. */
  readonly sync?: TableSync | undefined;
  readonly clock: Clock;
}

/** What others write into the same store is known here after this long. Milliseconds. */
const lookEveryMs = 1000;

/** The data in a store; without one in memory. */
export function createRecords({ store, sync, clock }: RecordsParts): Records {
  const parts = new Map<string, RecordPart>();
  let opened: DataStore | undefined;
  /** As last read: parts that nobody here knows are kept. */
  let stored: JsonObject = {};
  let loading: Promise<void> | undefined = store === undefined && sync === undefined ? undefined : load();
  let stopLooking: () => void = () => undefined;
  let isStopped = false;
  // Told to whoever waits for it; until then nobody may.
  loading?.catch(() => undefined);

  async function load(): Promise<void> {
    opened = typeof store === 'function' ? await store() : store;
    stored = (await opened?.read()) ?? {};
    for (const [name, part] of parts) if (Object.hasOwn(stored, name)) part.restore(stored[name]);
    await sync?.start();
    if (opened?.changed !== undefined && !isStopped) stopLooking = repeat(follow, lookEveryMs, clock);
    loading = undefined;
  }

  /** Takes in what others wrote, one look at a time. */
  const follow = coalesced(async () => {
    const data = await opened?.changed?.();
    if (data === undefined) return;
    stored = data;
    for (const [name, part] of parts) part.follow?.(data[name]);
  });

  async function write(): Promise<void> {
    await loading;
    await (opened?.alone === undefined ? writeOver() : opened.alone(writeOver));
  }

  /** What others wrote, with what was changed here. */
  async function writeOver(): Promise<void> {
    await follow();
    const known = [...parts].flatMap(([name, part]) => {
      const snapshot = part.snapshot();
      return snapshot === undefined ? [] : [[name, snapshot] as const];
    });
    stored = { ...stored, ...Object.fromEntries(known) };
    await opened?.write(stored);
  }

  const save = coalesced(write);
  return {
    loaded: () => loading,
    save,
    part: (name, part) => void parts.set(name, part),
    collection(name, read) {
      const { collection, part, synced } = createCollection({
        read,
        save,
        tell: async (id, text) => sync?.tell(name, id, text),
      });
      parts.set(name, part);
      sync?.add(name, synced);
      return collection;
    },
    stop() {
      isStopped = true;
      stopLooking();
      sync?.stop();
    },
  };
}
