import { ConfigError } from '../../core/errors/config-error.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { systemClock } from '../../core/runtime.ts';
import { locked } from '../../vault/file-lock.ts';
import type { DataStore } from '../data/data-store.ts';

// Asked of the process, not imported: a bundle for a runtime without Node must not stumble over a module it never uses.
const { randomUUID } = process.getBuiltinModule('node:crypto');
const { chmod, open, readFile, rename, rm, stat } = process.getBuiltinModule('node:fs/promises');

/**
 * Data in a JSON file that only its owner may read: it may hold keys of providers. Written beside and moved into place, so that a crash
 * leaves the old file or the new one. What another process writes is seen by `changed`; of several that write at once each goes on from what the
 * others wrote.
 */
export function dataFile(path: string): DataStore {
  let seen: string | undefined;
  async function read(): Promise<JsonObject | undefined> {
    // Before the text: a change in between is read once more.
    const mark = await markOf(path);
    const text = await readText(path);
    seen = mark;
    return text === undefined ? undefined : parse(text, path);
  }
  return {
    read,
    alone: (work) => locked(path, systemClock, work),
    changed: async () => ((await markOf(path)) === seen ? undefined : read()),
    async write(data) {
      await replace(path, `${JSON.stringify(data, undefined, 1)}\n`);
      seen = await markOf(path);
    },
  };
}

/** Tells one version of a file from another; undefined when there is none. */
async function markOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : `${found.ino} ${found.mtimeMs} ${found.size}`;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    await chmod(path, 0o600);
    return text;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw refusal(`Cannot read ${path}: ${message}.`);
  }
}

/** Nothing of the text is quoted. */
function parse(text: string, path: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Said below.
  }
  throw refusal(`${path} holds no JSON object. It is left as it is: move it away to begin anew.`);
}

async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

function refusal(message: string): ConfigError {
  return new ConfigError([{ path: 'options.data', message }], 'Invalid options');
}
