import type { FileHandle } from 'node:fs/promises';
import { ConfigError } from '../core/errors/config-error.ts';
import { isJsonObject } from '../core/json.ts';
import type { SpendEntry, SpendStore } from '../core/spend-store.ts';

// Asked of the process, not imported: a bundle for a runtime without Node must not stumble over a module it never uses.
const { randomUUID } = process.getBuiltinModule('node:crypto');
const { open, readFile, rename, rm } = process.getBuiltinModule('node:fs/promises');

/** The first line: what the file is, and how it is written. */
const head = '{"modelmux":"spend","version":1}';

/**
 * What was spent, in a file: a line of JSON for each entry, added at its end, so that a crash costs at most a last line that is not whole. Replaced
 * by writing beside it and moving into place. One process at a time: `append` and `replace` reject when another one has written too. `read` rejects
 * with `ConfigError` for a file of another kind, which is left as it is.
 */
export function spendFile(path: string): SpendStore {
  let file: FileHandle | undefined;
  let bytes = 0;

  async function openAtEnd(): Promise<FileHandle> {
    file = await open(path, 'a', 0o600);
    return file;
  }

  async function requireOwn(handle: FileHandle): Promise<void> {
    const { size } = await handle.stat();
    if (size !== bytes)
      throw new Error('another process writes to it too: give each its own, or share budgets with "shared"');
  }

  async function write(handle: FileHandle, text: string): Promise<void> {
    await handle.appendFile(text);
    bytes += Buffer.byteLength(text);
    await handle.datasync();
  }

  return {
    async read() {
      const text = await readText(path);
      const entries = parse(text, path);
      const handle = await openAtEnd();
      const isBegun = text.length > head.length;
      if (!isBegun) await handle.truncate();
      bytes = (await handle.stat()).size;
      // A line that was cut off must not swallow the next one.
      if (!isBegun) await write(handle, `${head}\n`);
      else if (!text.endsWith('\n')) await write(handle, '\n');
      return entries;
    },
    async append(entries) {
      const handle = file ?? (await openAtEnd());
      await requireOwn(handle);
      await write(handle, linesOf(entries));
    },
    async replace(entries) {
      const before = file ?? (await openAtEnd());
      await requireOwn(before);
      const text = `${head}\n${linesOf(entries)}`;
      await moveInto(path, text);
      await before.close();
      bytes = Buffer.byteLength(text);
      await openAtEnd();
    },
    async close() {
      await file?.close();
      file = undefined;
    },
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw refusal(`Cannot read ${path}: ${message}.`);
  }
}

function linesOf(entries: readonly SpendEntry[]): string {
  return entries
    .map(({ owner, period, micro, at }) => `${JSON.stringify([owner, period, micro, Math.floor(at)])}\n`)
    .join('');
}

/** A crash may have cut off a last line; the next process has then gone on below it. */
function parse(text: string, path: string): readonly SpendEntry[] {
  const [first = '', ...lines] = text.split('\n');
  if (text !== '' && !isHead(first) && !head.startsWith(text))
    throw refusal(`${path} does not hold what budgets spent. It is left as it is: name another file.`);
  return lines.flatMap((line) => toEntry(line) ?? []);
}

function isHead(line: string): boolean {
  const value = toJson(line);
  return isJsonObject(value) && value.modelmux === 'spend' && value.version === 1;
}

function toEntry(line: string): SpendEntry | undefined {
  const value = toJson(line);
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [owner, period, micro, at]: readonly unknown[] = value;
  const isSound = typeof owner === 'string' && typeof period === 'string';
  return isSound && Number.isSafeInteger(micro) && Number.isSafeInteger(at)
    ? { owner, period, micro: Number(micro), at: Number(at) }
    : undefined;
}

function toJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function moveInto(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    const made = await open(beside, 'wx', 0o600);
    try {
      await made.writeFile(text);
      await made.sync();
    } finally {
      await made.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

function refusal(message: string): ConfigError {
  return new ConfigError([{ path: 'options.budgetStore', message }], 'Invalid options');
}
