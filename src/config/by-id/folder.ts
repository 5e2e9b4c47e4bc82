import type { FSWatcher } from 'node:fs';
import { ConfigError, ConfigNotFoundError } from '../../core/errors/config-error.ts';
import type { EventSink } from '../../core/events.ts';
import { backgroundClock, type Clock } from '../../core/runtime.ts';
import { type ConfigCheck, idOfFile, readConfigFile } from './config-file.ts';
import { checkConfigId } from './config-id.ts';
import { configListeners } from './config-listeners.ts';
import type { ConfigSource } from './config-source.ts';
import { changedIds, type FileState, type FolderIndex, indexFiles } from './folder-index.ts';
import { UnusableConfig } from './read-found.ts';

// Asked of the process, not imported: a bundle for a runtime without Node must not stumble over a module it never uses.
const { createHash } = process.getBuiltinModule('node:crypto');
const { watch } = process.getBuiltinModule('node:fs');
const { readdir, readFile, stat } = process.getBuiltinModule('node:fs/promises');
const { join } = process.getBuiltinModule('node:path');

const largestFile = 2 ** 20;
/** Editors write in several steps: changes are looked at together, a moment later. */
const settleMs = 50;

/**
 * Opens a folder of configs, one a file: `*.json`, `*.yaml`, `*.yml`, at most 1 MiB each, hidden files and folders inside passed
 * over (see `readConfigFile` for IDs). The folder is watched, and looked through every `pollMs` as well, since watching
 * is not reliable everywhere.
 *
 * A file that becomes unreadable, or whose config `validate` refuses, leaves its last good version in use; a `warning` event of
 * code `config_reload` names file and problems, once. A file must be gone twice in a row before its config is. When the folder
 * itself is lost, all stays as it was. Nothing here keeps the process running.
 *
 * Rejects with `ConfigError` when the folder cannot be read to begin with.
 */
export async function openConfigFolder(options: FolderConfigsOptions): Promise<FolderConfigs> {
  const { clock = backgroundClock, pollMs = 2000, events } = options;
  const { subscribe, notify } = configListeners(events);
  const folder = folderState(options);
  await refuseUnreadable(options.path);
  let isClosed = false;
  const timers = new Map<'poll' | 'settle', () => void>();

  async function refresh(): Promise<void> {
    const { changed, isSettled } = await folder.scan();
    if (isClosed) return;
    if (!isSettled) later('settle', settleMs);
    for (const id of changed) notify(id);
  }

  function later(timer: 'poll' | 'settle', ms: number): void {
    if (isClosed || timers.has(timer)) return;
    const cancel = clock.after(ms, async () => {
      timers.delete(timer);
      await refresh();
      if (timer === 'poll') later('poll', pollMs);
    });
    timers.set(timer, cancel);
  }

  await refresh();
  const watcher = options.watch === false ? undefined : startWatching(options.path, () => later('settle', settleMs));
  later('poll', pollMs);
  return {
    get: folder.get,
    ids: folder.ids,
    fileOf: folder.fileOf,
    subscribe,
    refresh,
    close() {
      isClosed = true;
      watcher?.close();
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}

/** How a config folder is read. */
export interface FolderConfigsOptions {
  readonly path: string;
  /** Refuses a config that cannot work by throwing a `ConfigError`. Without it any object is taken. */
  readonly validate?: ConfigCheck;
  /** Hears `warning` events of code `config_reload`. */
  readonly events?: EventSink;
  /** Default 2 s. */
  readonly pollMs?: number;
  /** False: only polled, as where the system's watching is known not to work. Default true. */
  readonly watch?: boolean;
  readonly clock?: Clock;
}

/** An open config folder. */
export interface FolderConfigs extends ConfigSource {
  readonly ids: () => readonly string[];
  /** Name of the file that a config stands in. */
  fileOf(id: string): string | undefined;
  readonly subscribe: NonNullable<ConfigSource['subscribe']>;
  /** Looks through the folder now. Never rejects. */
  refresh(): Promise<void>;
  /** Ends watching and polling; what was read stays. */
  close(): void;
}

/** A folder that is lost later is an accident to sit out; one that is not there at the start is a mistake in the options. */
async function refuseUnreadable(path: string): Promise<void> {
  const names = await fileNamesIn(path);
  if (typeof names !== 'string') return;
  throw new ConfigError(
    [{ path: 'path', message: `${path} cannot be read as a folder: ${names}` }],
    'Invalid config folder',
  );
}

/** Calls `onChange` when the folder changes; undefined where the system cannot watch: polling goes on. */
function startWatching(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    // As when the folder is removed.
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

/** What is known of the folder. Scans run one after the other. */
function folderState({ path, validate = () => {}, events }: FolderConfigsOptions) {
  const files = new Map<string, FileState>();
  const warned = new Set<string>();
  let index: FolderIndex = indexFiles([]);
  let scanning: Promise<unknown> = Promise.resolve();

  /** Tells each problem once, and again when it comes back. */
  function warn(problems: readonly string[]): void {
    for (const message of problems.filter((problem) => !warned.has(problem))) {
      events?.emit('warning', { code: 'config_reload', message });
    }
    warned.clear();
    for (const problem of problems) warned.add(problem);
  }

  async function scanOnce() {
    const names = await fileNamesIn(path);
    if (typeof names === 'string') {
      warn([`Config folder ${path} cannot be read: ${names}. The last good configs are kept.`]);
      return { changed: [], isSettled: true };
    }
    const present = new Set<string>();
    for (const name of names) {
      const state = await look(path, files.get(name) ?? newFile(name), validate);
      if (state === undefined) continue;
      files.set(name, state);
      present.add(name);
    }
    const isSettled = forget(files, present);
    const before = index;
    index = indexFiles(files.values());
    warn([...[...files.values()].flatMap(problemOf), ...index.shadowed]);
    return { changed: changedIds(before, index), isSettled };
  }

  return {
    async get(id: string) {
      checkConfigId(id);
      const found = index.good.get(id);
      const broken = index.broken.get(id);
      if (found !== undefined || broken === undefined) return found;
      throw new ConfigNotFoundError(id, `cannot be used: config file ${broken.fileName} ${broken.problem}.`);
    },
    ids: () => [...index.good.keys()],
    fileOf: (id: string) => index.files.get(id) ?? index.broken.get(id)?.fileName,
    scan() {
      const scan = scanning.then(scanOnce);
      scanning = scan;
      return scan;
    },
  };
}

/** The names of config files, or the system's code for why the folder cannot be read. */
async function fileNamesIn(path: string): Promise<readonly string[] | string> {
  try {
    return (await readdir(path)).filter((name) => /^[^.].*\.(json|ya?ml)$/i.test(name));
  } catch (error) {
    return codeOf(error);
  }
}

function newFile(fileName: string): FileState {
  return { fileName, fingerprint: '', id: idOfFile(fileName) };
}

/** The file as it is now; undefined when there is no such file. */
async function look(folder: string, before: FileState, check: ConfigCheck): Promise<FileState | undefined> {
  const { fileName, id, found } = before;
  const last = { fileName, id, ...(found === undefined ? {} : { found }) };
  const path = join(folder, fileName);
  try {
    // Before reading: a change between the two is then seen next time.
    const facts = await stat(path, { bigint: true });
    if (!facts.isFile()) return undefined;
    const fingerprint = [facts.mtimeNs, facts.ctimeNs, facts.size, facts.ino].join('-');
    if (fingerprint === before.fingerprint) return { ...before, isMissing: false };
    if (facts.size > largestFile) return { ...last, fingerprint, problem: 'is larger than 1 MiB' };
    return await read(await readFile(path), { ...last, fingerprint }, check);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    return { ...last, fingerprint: '', problem: `cannot be read: ${codeOf(error)}` };
  }
}

async function read(bytes: Uint8Array, last: FileState, check: ConfigCheck): Promise<FileState> {
  const { fileName, fingerprint } = last;
  try {
    const { id, found } = await readConfigFile(fileName, bytes, check);
    // Of the content, so that a file written anew with the same content counts as unchanged.
    const version = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
    return { fileName, fingerprint, id, found: { ...found, version } };
  } catch (error) {
    if (!(error instanceof UnusableConfig)) throw error;
    return { ...last, problem: error.message };
  }
}

/** Drops files that are gone for the second time and marks the others. False when any was only marked. */
function forget(files: Map<string, FileState>, present: ReadonlySet<string>): boolean {
  let isSettled = true;
  for (const [name, file] of files) {
    if (present.has(name)) continue;
    if (file.isMissing === true) files.delete(name);
    else {
      // An editor that replaces a file may leave a moment without it.
      files.set(name, { ...file, isMissing: true });
      isSettled = false;
    }
  }
  return isSettled;
}

function problemOf({ fileName, found, problem }: FileState): string[] {
  if (problem === undefined) return [];
  return [`Config file ${fileName} ${problem}.${found === undefined ? '' : ' The last good version is kept.'}`];
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown error';
}
