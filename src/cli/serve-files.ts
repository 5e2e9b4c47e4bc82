import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { openConfigFolder } from '../config/by-id/folder.ts';
import { providerDirectory } from '../config/vaults.ts';
import type { ConfigIssue } from '../core/errors/config-error.ts';
import { openVaultFile } from '../vault/file.ts';
import { VaultFileError } from '../vault/vault-file-error.ts';
import { CliFailure, type CliIo } from './io.ts';

/** Options of `serve` that name files and folders. */
export interface FileFlags {
  readonly configs?: string;
  readonly vault?: string;
  readonly data?: string;
}

/** What else a server is told that names a file, or what is in one. */
export interface NamedFiles {
  /** The default config, when it is an ID. */
  readonly configId: string | undefined;
  /** Where records go, when into a file. */
  readonly logFile: string | undefined;
}

/**
 * Looks at the files that a server is to use: what is misspelt, or may not be written, is said at the start, not by the first request that
 * needs it. Resolves with warnings: what is not there yet may come. Rejects with `CliFailure` that lists everything wrong.
 */
export async function checkFiles(
  { configs, vault, data }: FileFlags,
  { configId, logFile }: NamedFiles,
  env: CliIo['env'],
): Promise<readonly string[]> {
  const findings = await Promise.all([
    configs === undefined ? undefined : folderIssue('--configs', configs),
    data === undefined ? undefined : writableIssue('--data', data),
    logFile === undefined ? undefined : writableIssue('--logs', logFile),
    vault === undefined ? undefined : vaultIssue(vault, env),
  ]);
  const issues = findings.filter((found) => found !== undefined);
  if (issues.length > 0) throw new CliFailure('The server cannot start:', issues);
  return [
    ...(vault === undefined || (await isThere(vault))
      ? []
      : [`There is no vault file ${vault} yet. The first virtual key that is made over the admin calls makes it.`]),
    ...(configs === undefined || configId === undefined || (await idsIn(configs)).includes(configId)
      ? []
      : [`There is no config "${configId}" in ${configs} yet: until there is, requests that name no other fail.`]),
  ];
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function idsIn(path: string): Promise<readonly string[]> {
  const folder = await openConfigFolder({ path, watch: false });
  folder.close();
  return folder.ids();
}

async function folderIssue(option: string, path: string): Promise<ConfigIssue | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return undefined;
  return issue(option, found === undefined ? `There is no folder ${path}.` : `${path} is not a folder.`);
}

/** A file that is not there yet is made, but not its folder: a path that is wrong would be an empty place nobody knows of. */
async function writableIssue(option: string, path: string): Promise<ConfigIssue | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return issue(option, `${path} is a folder, not a file.`);
  const folder = dirname(resolve(path));
  const missing = await folderIssue(option, folder);
  if (missing !== undefined) return missing;
  const unwritable = [folder, ...(found === undefined ? [] : [path])];
  for (const place of unwritable) {
    if (!(await isWritable(place))) return issue(option, `${place} may not be written.`);
  }
  return undefined;
}

async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Opens it once. */
async function vaultIssue(path: string, env: CliIo['env']): Promise<ConfigIssue | undefined> {
  try {
    await openVaultFile({ path, env, providers: providerDirectory });
    return undefined;
  } catch (error) {
    if (!(error instanceof VaultFileError)) throw error;
    return error.code === 'not_found' ? undefined : issue('--vault', error.message);
  }
}

function issue(path: string, message: string): ConfigIssue {
  return { path, message };
}
