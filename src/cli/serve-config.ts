import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readConfigFile } from '../config/by-id/config-file.ts';
import { UnusableConfig } from '../config/by-id/read-found.ts';
import type { Config } from '../config/config.ts';
import type { ServerOptions } from '../server/index.ts';
import { CliFailure } from './io.ts';

/**
 * What `--config` names, as options of the server: a file's config, or, where there is a folder of configs and no such file, the ID of
 * one in it. `{}` when nothing is named.
 */
export async function readServeConfig(
  given: string | undefined,
  hasFolder: boolean,
): Promise<Pick<ServerOptions, 'config' | 'modelGroups'>> {
  if (given === undefined) return {};
  const bytes = await read(given, hasFolder);
  if (bytes === undefined) return { config: given };
  try {
    const { found } = await readConfigFile(basename(given), bytes, () => undefined);
    return { config: found.config as Config };
  } catch (error) {
    if (error instanceof UnusableConfig) throw new CliFailure(`${given} ${error.message}.`);
    throw error;
  }
}

async function read(path: string, hasFolder: boolean): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && hasFolder) return undefined;
    if (code !== 'ENOENT') throw new CliFailure(`Cannot read ${path}: ${message}.`);
    const hint = path.includes('.') ? '' : ' To name a config by its ID, say with --configs where it is.';
    throw new CliFailure(`There is no file ${path}.${hint}`);
  }
}
