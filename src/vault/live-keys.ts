import type { Credentials } from '../core/credentials.ts';
import type { EventSink } from '../core/events.ts';
import type { Clock } from '../core/runtime.ts';
import type { Vault } from '../core/vault.ts';
import { keepIfSame } from './keep-if-same.ts';
import type { KeyParameters } from './sealed-box.ts';
import { credentialsOf, type VaultEntry } from './vault-entries.ts';

const checkEveryMs = 1000;

/**
 * The keys of a vault file in memory, always the newest: a lookup first asks, at most once a second, whether the file has
 * changed. A file that cannot be read leaves the last keys in use, with one `warning` event.
 */
export function liveKeys(file: VaultFile, opened: Snapshot, { clock, events }: LiveKeysOptions): LiveKeys {
  let snapshot = opened;
  let credentials = credentialsBySlug(snapshot);
  let seen = opened.fingerprint;
  let checkedAt = clock.now();
  let checking: Promise<void> | undefined;
  let changing: Promise<unknown> = Promise.resolve();

  function show(next: Snapshot): void {
    snapshot = next;
    credentials = credentialsBySlug(next, credentials);
    seen = next.fingerprint;
  }

  async function check(): Promise<void> {
    checkedAt = clock.now();
    const fingerprint = await file.fingerprint();
    if (fingerprint === seen) return;
    const before = snapshot;
    try {
      const next = await file.read();
      // A change made here meanwhile is newer than what was read.
      if (snapshot === before) show(next);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      events?.emit('warning', { code: 'vault', message: `${problem} The last keys are kept.` });
      seen = fingerprint;
    }
  }

  function refresh(): Promise<void> | undefined {
    if (clock.now() - checkedAt < checkEveryMs) return checking;
    checking ??= check().finally(() => {
      checking = undefined;
    });
    return checking;
  }

  return {
    refresh,
    entries: () => snapshot.entries,
    get(slug) {
      const refreshing = refresh();
      return refreshing === undefined ? credentials.get(slug) : refreshing.then(() => credentials.get(slug));
    },
    change(edit) {
      const change = changing.then(async () => show(await file.update(edit)));
      changing = change.catch(() => {});
      return change;
    },
  };
}

/** See {@link liveKeys}. */
export interface LiveKeys {
  get(slug: string): ReturnType<Vault['get']>;
  /** All entries as last read, secrets included. */
  entries(): readonly VaultEntry[];
  /** Resolves when the entries are as new as they need to be; undefined when they are. */
  refresh(): Promise<void> | undefined;
  /** Edits the file. Edits run one after the other, in the order asked for. */
  change(edit: EntriesEdit): Promise<void>;
}

interface LiveKeysOptions {
  readonly clock: Clock;
  readonly events: EventSink | undefined;
}

/** The keys of one state of a vault file. */
export interface Snapshot {
  /** Changes whenever the file does. */
  readonly fingerprint: string;
  readonly entries: readonly VaultEntry[];
  readonly parameters: KeyParameters;
}

/** A vault file as {@link liveKeys} needs it. */
export interface VaultFile {
  read(): Promise<Snapshot>;
  /** Changes whenever the file does. Never rejects. */
  fingerprint(): Promise<string>;
  /** Reads, edits and writes the file while nobody else can. */
  update(edit: EntriesEdit): Promise<Snapshot>;
}

/** Entries before to entries after; throws to leave the file as it is. */
export type EntriesEdit = (entries: readonly VaultEntry[]) => readonly VaultEntry[];

function credentialsBySlug({ entries }: Snapshot, previous?: ReadonlyMap<string, Credentials>) {
  return new Map(entries.map((entry) => [entry.slug, keepIfSame(previous?.get(entry.slug), credentialsOf(entry))]));
}
