import type { Clock } from '../../core/runtime.ts';
import type { SharedTable } from '../../core/shared-table.ts';
import { repeat } from './repeat.ts';

/** A collection as the table sees it: texts by ID. */
export interface SyncedPart {
  /** What this process knows, as it would be told. */
  entries(): ReadonlyMap<string, string>;
  /** Somebody else made, changed or (undefined) deleted it. */
  apply(id: string, text: string | undefined): void;
}

/** Keeps collections the same in all processes that share a table. Nobody waits for the table longer than it takes to answer once. */
export interface TableSync {
  add(name: string, part: SyncedPart): void;
  /** To be told to the others, now or when the table is back. `text` undefined: it was deleted. Never rejects. */
  tell(name: string, id: string, text: string | undefined): Promise<void>;
  /** Looks for one entry that others may have made just now. Rejects when that cannot be known. */
  look(name: string, id: string): Promise<void>;
  /** Reads what there is, and looks again every second. Never rejects. */
  start(): Promise<void>;
  stop(): void;
}

/** What the others change is known here after this long. Milliseconds. */
const everyMs = 1000;

/** Others have heard of a deletion by then. Milliseconds. */
const forgottenAfterMs = 30 * 86_400_000;

/** A sync that has not begun. `warn` is told once of each outage. */
export function createTableSync(table: SharedTable, clock: Clock, warn: (message: string) => void): TableSync {
  const entries = createEntries(table);
  let seen = '';
  let isDown = false;
  let stop: () => void = () => undefined;

  async function refresh(): Promise<void> {
    await entries.tell();
    let version = await table.version();
    if (version === seen && version !== '') return;
    if (epochOf(version) !== epochOf(seen) || version === '') {
      await entries.tellAnew();
      version = await table.version();
    }
    const all = await table.all();
    for (const [entry, text] of all) entries.apply(entry, text);
    seen = version;
    const old = [...all].filter(([, text]) => isDeletion(text) && clock.now() - Number(text) > forgottenAfterMs);
    await table.remove(old.map(([entry]) => entry));
  }

  async function attempt(): Promise<void> {
    try {
      await refresh();
      isDown = false;
    } catch {
      if (!isDown) warn(unknown);
      isDown = true;
    }
  }

  return {
    add: entries.add,
    async tell(name, id, text) {
      entries.note(`${name}/${id}`, text ?? String(clock.now()));
      await entries.tell().catch(() => undefined);
    },
    async look(name, id) {
      if (entries.isDeleted(`${name}/${id}`)) return;
      const text = await table.get(`${name}/${id}`);
      if (text !== undefined) entries.apply(`${name}/${id}`, text);
    },
    async start() {
      await attempt();
      stop = repeat(attempt, everyMs, clock);
    },
    stop: () => stop(),
  };
}

const unknown = 'What other servers make and delete, keys among it, is not known: the shared table does not answer.';

/** What is known here of the table's entries, `<collection>/<id>`, and what is still to be told. */
function createEntries(table: SharedTable) {
  const parts = new Map<string, SyncedPart>();
  /** As last read or told; those deleted among them. */
  const known = new Map<string, string>();
  const untold = new Map<string, string>();
  return {
    add: (name: string, part: SyncedPart) => void parts.set(name, part),
    isDeleted: (entry: string) => isDeletion(known.get(entry) ?? '{'),
    note(entry: string, text: string): void {
      known.set(entry, text);
      untold.set(entry, text);
    },
    apply(entry: string, text: string): void {
      if (known.get(entry) === text || untold.has(entry)) return;
      known.set(entry, text);
      const at = entry.indexOf('/');
      parts.get(entry.slice(0, at))?.apply(entry.slice(at + 1), isDeletion(text) ? undefined : text);
    },
    async tell(): Promise<void> {
      if (untold.size === 0) return;
      const batch = new Map(untold);
      await table.put(batch);
      for (const [entry, text] of batch) if (untold.get(entry) === text) untold.delete(entry);
    },
    /** The table is new, or lost all it had: it is told what is known here. Of two who know differently whoever knows of a deletion is right. */
    async tellAnew(): Promise<void> {
      await table.put(new Map([...known].filter(([, text]) => isDeletion(text))));
      const own = [...parts].flatMap(([name, part]) =>
        [...part.entries()].map(([id, text]) => [`${name}/${id}`, text] as const),
      );
      await table.put(new Map(own), { onlyNew: true });
    },
  };
}

/** A deletion is the time of it, everything else is JSON of an object. */
function isDeletion(text: string): boolean {
  return !text.startsWith('{');
}

function epochOf(version: string): string {
  return version.slice(0, version.indexOf(':'));
}
