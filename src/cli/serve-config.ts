import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readConfigFile } from '../config/by-id/config-file.ts';
import { UnusableConfig } from '../config/by-id/read-found.ts';
import type { Config } from '../config/config.ts';
import { readSoundDocument } from './files/read-document.ts';
import { kindOf } from './foreign/document-kind.ts';
import { type ForeignServe, readForeignServe } from './foreign/foreign-serve.ts';
import { CliFailure, type CliIo } from './io.ts';

/**
 * What `--config` names, as options of the server: a file's config, or, where there is a folder of configs and no such file, the ID of
 * one in it. A file may be one of LiteLLM's, Javelin's, or Portkey's legacy form. No options when nothing is named.
 */
export async function readServeConfig(
  given: string | undefined,
  hasFolder: boolean,
  io: Pick<CliIo, 'env' | 'readInput'>,
): Promise<ForeignServe> {
  if (given === undefined) return { options: {}, warnings: [] };
  const bytes = await read(given, hasFolder);
  if (bytes === undefined) return { options: { config: given }, warnings: [] };
  return (await foreign(given, io)) ?? { options: { config: await ownConfig(given, bytes) }, warnings: [] };
}

async function foreign(given: string, io: Pick<CliIo, 'env' | 'readInput'>): Promise<ForeignServe | undefined> {
  const document = await readSoundDocument(given, io);
  const kind = kindOf(document.value);
  return kind === 'modelmux' ? undefined : readForeignServe(document, kind, io.env);
}

async function ownConfig(given: string, bytes: Uint8Array): Promise<Config> {
  try {
    const { found } = await readConfigFile(basename(given), bytes, () => undefined);
    return found.config as Config;
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
