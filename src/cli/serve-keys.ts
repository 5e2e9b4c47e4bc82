import { readFile } from 'node:fs/promises';
import { CliFailure, type CliIo } from './io.ts';

/** Where `serve` may find its keys. */
export interface KeyFlags {
  readonly key: readonly string[];
  readonly keyFile?: string;
  readonly adminKey?: string;
}

/** The keys of a server from the environment, a file and the command line; those of the last are warned about. */
export async function keysFrom(
  { key, keyFile, adminKey }: KeyFlags,
  { env, stderr }: CliIo,
): Promise<{ readonly keys: readonly string[]; readonly adminKey: string | undefined }> {
  if (key.length > 0 || adminKey !== undefined) {
    stderr(
      'warning: a key on the command line is seen by every user of this machine and stays in the history of the shell. Use MODELMUX_KEYS, MODELMUX_ADMIN_KEY or --key-file.\n',
    );
  }
  const inFile = keyFile === undefined ? [] : split(await read(keyFile));
  return {
    keys: [...split(env['MODELMUX_KEYS'] ?? ''), ...inFile, ...key],
    adminKey: adminKey ?? (env['MODELMUX_ADMIN_KEY'] || undefined),
  };
}

/** Keys with commas, spaces or line ends between them; a line that begins with `#` is a comment. */
function split(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(/[\s,]+/))
    .filter((part) => part !== '');
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliFailure(`Cannot read ${path}: ${code === 'ENOENT' ? 'there is no such file' : message}.`);
  }
}
