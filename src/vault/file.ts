import type { EventSink } from '../core/events.ts';
import { type Clock, systemClock } from '../core/runtime.ts';
import type { Vault } from '../core/vault.ts';
import type { Environment } from './env.ts';
import { FileLockError, locked } from './file-lock.ts';
import { liveKeys, type Snapshot, type VaultFile } from './live-keys.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import {
  type Bytes,
  defaultCost,
  importKey,
  isBearable,
  type KeyParameters,
  newParameters,
  readParameters,
  type ScryptCost,
  seal,
  unseal,
} from './sealed-box.ts';
import {
  addEntry,
  changeEntry,
  formatEntries,
  type KeyChanges,
  type KeyLabels,
  type MaskedEntry,
  maskEntry,
  newEntry,
  parseEntries,
  removeEntry,
  rotateEntry,
  type VaultEntry,
} from './vault-entries.ts';
import { VaultFileError } from './vault-file-error.ts';
import type { VirtualKeyFields } from './virtual-key-fields.ts';

// Asked of the process, not imported: a bundle for a runtime without Node must not stumble over a module it never uses.
const { randomBytes, scrypt } = process.getBuiltinModule('node:crypto');
const { open, readFile, realpath, rename, rm, stat } = process.getBuiltinModule('node:fs/promises');
const { dirname, resolve: resolvePath } = process.getBuiltinModule('node:path');

const passphraseVariable = 'MODELMUX_VAULT_PASSPHRASE';

/**
 * Opens an encrypted file of virtual keys. The passphrase is stretched once, off the event loop; lookups then answer from
 * memory. A file changed by others is read again at the next lookup, looked for at most once a second; while it cannot be
 * read, the last keys are kept and a `warning` event of code `vault` says so.
 *
 * Rejects with `VaultFileError`. A wrong passphrase and a damaged file look the same.
 */
export async function openVaultFile(options: VaultFileOptions): Promise<FileVault> {
  const file = await vaultFile(options);
  const { clock = systemClock, events, providers } = options;
  const keys = liveKeys(file, await file.read(), { clock, events });
  const now = () => new Date(clock.now()).toISOString();
  return {
    get: keys.get,
    mayLimit: true,
    slugs: () => keys.entries().map((entry) => entry.slug),
    async list() {
      await keys.refresh();
      return keys.entries().map(maskEntry);
    },
    async add(slug, fields) {
      const entry = newEntry(slug, fields, now(), providers);
      await keys.change((entries) => addEntry(entries, entry));
    },
    rotate: (slug, apiKey) => keys.change((entries) => rotateEntry(entries, slug, apiKey, now())),
    update: (slug, changes) => keys.change((entries) => changeEntry(entries, slug, changes, now())),
    remove: (slug) => keys.change((entries) => removeEntry(entries, slug)),
  };
}

/** How a vault file is opened. */
export interface VaultFileOptions {
  readonly path: string;
  /** Default: the variable `MODELMUX_VAULT_PASSPHRASE`. */
  readonly passphrase?: string | undefined;
  /** True: a file that does not exist is an empty vault, written at the first change. Default false: it is an error. */
  readonly create?: boolean;
  /** Checks what is added. Without it any provider's name is taken, and its fields keep their prefix. */
  readonly providers?: ProviderDirectory;
  /** Hears `warning` events of code `vault`. */
  readonly events?: EventSink;
  readonly clock?: Clock;
  /** Default `process.env`. */
  readonly env?: Environment;
  /** What guessing the passphrase costs. A file that asks less is raised to it, with a new salt, when it is next written. */
  readonly cost?: ScryptCost;
}

/** An open vault file. A change is on disk when its promise resolves. */
export interface FileVault extends Vault {
  readonly slugs: () => readonly string[];
  /** All virtual keys in order of creation, as they may be shown. */
  list(): Promise<readonly MaskedEntry[]>;
  /** Keeps a new virtual key. Rejects with `ConfigError` for unusable fields, `VaultFileError` for a slug that is taken. */
  add(slug: string, fields: VirtualKeyFields & KeyLabels): Promise<void>;
  /** Replaces the API key of `slug`. */
  rotate(slug: string, apiKey: string): Promise<void>;
  remove(slug: string): Promise<void>;
  /** Changes what is said of `slug`, and its key. Rejects with `ConfigError` for changes that cannot be meant. */
  update(slug: string, changes: KeyChanges): Promise<void>;
}

/** The file on disk: reads it whole, and replaces it whole under a lock. */
async function vaultFile(options: VaultFileOptions): Promise<VaultFile> {
  const { cost = defaultCost, clock = systemClock } = options;
  if (!isBearable(cost))
    throw new VaultFileError('invalid', 'The scrypt cost asks for more than 512 MiB, or is not whole.');
  const deriveKey = keyDerivation(passphraseOf(options));
  // A link stays a link: the file it points to is replaced.
  const path = await realpath(options.path).catch(() => resolvePath(options.path));
  let mayBeMissing = options.create === true;

  async function read(): Promise<Snapshot> {
    const fingerprint = await fingerprintOf(path);
    const bytes = await readIfThere(path);
    if (bytes === undefined) {
      if (!mayBeMissing) throw new VaultFileError('not_found', `There is no vault file ${path}.`);
      return { fingerprint, entries: [], parameters: newParameters(cost) };
    }
    // Once it was there, its absence is an accident: it must not count as an empty vault.
    mayBeMissing = false;
    const parameters = readParameters(bytes);
    if (parameters === undefined) throw unreadable(path, ': it does not begin as a vault file does');
    const content = await unseal(bytes, await deriveKey(parameters));
    if (content === undefined) throw unreadable(path);
    const entries = parseEntries(content);
    if (entries === undefined)
      throw new VaultFileError('unreadable', `Vault file ${path} holds what this version cannot read.`);
    return { fingerprint, entries, parameters };
  }

  async function write(entries: readonly VaultEntry[], before: KeyParameters): Promise<Snapshot> {
    const parameters = isCheaper(before.cost, cost) ? newParameters(cost) : before;
    await replace(path, await seal(formatEntries(entries), await deriveKey(parameters), parameters));
    mayBeMissing = false;
    return { fingerprint: await fingerprintOf(path), entries, parameters };
  }

  await warnIfOpenToOthers(path, options.events);
  return {
    read,
    fingerprint: () => fingerprintOf(path),
    update: (edit) =>
      locked(path, clock, async () => {
        const before = await read();
        return write(edit(before.entries), before.parameters);
      }).catch((error: unknown) => {
        if (!(error instanceof FileLockError)) throw error;
        throw new VaultFileError(error.code, `Vault file ${error.message}`, error.cause);
      }),
  };
}

function passphraseOf({ passphrase, env = process.env }: VaultFileOptions): string {
  const given = passphrase ?? env[passphraseVariable];
  if (given === undefined || given === '') {
    throw new VaultFileError(
      'no_passphrase',
      `A vault file needs a passphrase. Give one, or set ${passphraseVariable}.`,
    );
  }
  // RFC 8265 section 4.2: the same text typed on another system may be composed differently.
  return given.normalize('NFC');
}

/** Derives keys of one passphrase and remembers the last: it is the same until the file's salt changes. */
function keyDerivation(passphrase: string): (parameters: KeyParameters) => Promise<CryptoKey> {
  let last: { readonly id: string; readonly key: Promise<CryptoKey> } | undefined;
  return ({ cost, salt }) => {
    const id = [cost.log2N, cost.r, cost.p, ...salt].join();
    if (last?.id !== id) last = { id, key: stretch(passphrase, salt, cost).then(importKey) };
    return last.key;
  };
}

function stretch(passphrase: string, salt: Bytes, { log2N, r, p }: ScryptCost): Promise<Bytes> {
  const N = 2 ** log2N;
  return new Promise((resolve, reject) => {
    // Node's own limit is 32 MiB; what is needed is 128 * N * r and a little more (RFC 7914 section 2).
    scrypt(passphrase, salt, 32, { N, r, p, maxmem: 128 * r * (N + p + 64) }, (error, key) =>
      error === null ? resolve(new Uint8Array(key)) : reject(error),
    );
  });
}

function isCheaper(cost: ScryptCost, wanted: ScryptCost): boolean {
  return 2 ** cost.log2N * cost.r * cost.p < 2 ** wanted.log2N * wanted.r * wanted.p;
}

function unreadable(path: string, detail = ''): VaultFileError {
  return new VaultFileError('unreadable', `Vault file ${path}: wrong passphrase or damaged file${detail}.`);
}

async function readIfThere(path: string): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new VaultFileError('io', `Vault file ${path} cannot be read: ${codeOf(error)}.`, error);
  }
}

async function fingerprintOf(path: string): Promise<string> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(path, { bigint: true });
    return [mtimeNs, ctimeNs, size, ino].join('-');
  } catch (error) {
    return codeOf(error);
  }
}

async function warnIfOpenToOthers(path: string, events: EventSink | undefined): Promise<void> {
  // Windows reports no permissions in the mode.
  if (events === undefined || process.platform === 'win32') return;
  const mode = await stat(path).then(
    (facts) => facts.mode & 0o777,
    () => 0,
  );
  if ((mode & 0o077) === 0) return;
  const message = `Vault file ${path} is open to other users (mode ${mode.toString(8)}). Run: chmod 600 ${path}`;
  events.emit('warning', { code: 'vault', message });
}

/** Writes beside the file and renames over it: a reader, or a crash, meets the old file or the new one, never a part. */
async function replace(path: string, bytes: Bytes): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    await file
      .writeFile(bytes)
      .then(() => file.sync())
      .finally(() => file.close());
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new VaultFileError('io', `Vault file ${path} cannot be written: ${codeOf(error)}.`, error);
  }
  await syncFolder(dirname(path));
}

/** Makes the rename itself last through a power cut. Some systems cannot sync a folder; they lose nothing else. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {}
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown error';
}
