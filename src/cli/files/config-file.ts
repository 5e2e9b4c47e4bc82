import { readdirSync } from 'node:fs';
import { dirname, extname, join, parse, resolve } from 'node:path';
import type { Config } from '../../config/config.ts';
import { isPortkeyLegacy } from '../../config/importers/portkey-legacy.ts';
import { parseConfig } from '../../config/parse.ts';
import { expandRefs } from '../../config/refs.ts';
import { ConfigError, type ConfigIssue } from '../../core/errors/config-error.ts';
import type { Environment } from '../../vault/env.ts';
import { type DocumentKind, kindOf } from '../foreign/document-kind.ts';
import { placeholderEnvironment } from '../foreign/placeholders.ts';
import { readForeign } from '../foreign/read-foreign.ts';
import { CliFailure, type CliIo } from '../io.ts';
import {
  type FileDocument,
  fileFailure,
  inOrder,
  type LocatedIssue,
  readDocument,
  readSoundDocument,
} from './read-document.ts';

/** A file and what became of it. */
export interface CheckedFile {
  readonly document: FileDocument;
  readonly kind: DocumentKind;
  /** By the name of the route, empty where the file is one config; refs replaced. Undefined when something is wrong. */
  readonly configs?: Readonly<Record<string, Config>>;
  readonly issues: readonly LocatedIssue[];
  /** What has no effect here, or another one than there. */
  readonly warnings: readonly LocatedIssue[];
}

/** What the reading of a file needs. */
export type FileIo = Pick<CliIo, 'readInput' | 'env'>;

/**
 * Checks the config in `file`: ours, or LiteLLM's, Javelin's, Portkey's legacy form. `{ref: id}` leads to the file of that name beside it.
 * Keys are not looked up; with `environment` they are. Rejects with `CliFailure` when it cannot be read.
 */
export async function checkConfigFile(file: string, io: FileIo, environment?: Environment): Promise<CheckedFile> {
  const document = await readDocument(file, io);
  const kind = kindOf(document.value);
  if (document.mistakes.length > 0) return { document, kind, issues: document.mistakes, warnings: [] };
  try {
    if (kind === 'modelmux' || isPortkeyLegacy(document.value))
      return { document, kind, configs: { '': await expandedConfig(document, file, io) }, issues: [], warnings: [] };
    const variables = environment ?? placeholderEnvironment(document.text, io.env);
    const { configs, warnings } = readForeign(document, kind, variables);
    return { document, kind, configs, issues: [], warnings: located(warnings, document) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { document, kind, issues: located(error.issues, document), warnings: [] };
  }
}

/** The one config in `file`, for commands that need it. Rejects with `CliFailure`. */
export async function readConfigFile(file: string, io: FileIo, environment?: Environment): Promise<Config> {
  const { configs, document, issues } = await checkConfigFile(file, io, environment);
  if (configs === undefined) throw fileFailure(document, issues);
  const [only, ...others] = Object.values(configs);
  if (only !== undefined && others.length === 0) return only;
  const routes = Object.keys(configs).join(', ');
  throw new CliFailure(`${document.file} holds several routes: ${routes}. Take one with "modelmux import --route".`);
}

const extensions = ['.json', '.yaml', '.yml'];

/** Is this the name of a file that may hold a config? */
export function isConfigName(name: string): boolean {
  return extensions.includes(extname(name)) && !name.startsWith('.');
}

async function expandedConfig(document: FileDocument, file: string, io: FileIo): Promise<Config> {
  const folder = file === '-' ? process.cwd() : dirname(resolve(file));
  const find = Object.assign((id: string) => besides(folder, id, io), { ids: () => idsIn(folder) });
  const { document: expanded } = await expandRefs(document.value, find);
  return parseConfig(expanded);
}

async function besides(folder: string, id: string, io: FileIo): Promise<unknown> {
  const name = readdirSync(folder).find((entry) => isConfigName(entry) && parse(entry).name === id);
  return name === undefined ? undefined : (await readSoundDocument(join(folder, name), io)).value;
}

function idsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter(isConfigName)
    .map((entry) => parse(entry).name);
}

function located(issues: readonly ConfigIssue[], document: FileDocument): readonly LocatedIssue[] {
  return inOrder(issues.map((issue) => ({ ...issue, ...document.locate(issue.path) })));
}
