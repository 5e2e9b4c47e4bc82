import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { stringify } from 'yaml';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../core/errors/config-error.ts';
import {
  type FileDocument,
  fileFailure,
  inOrder,
  type LocatedIssue,
  readSoundDocument,
} from './files/read-document.ts';
import { kindOf } from './foreign/document-kind.ts';
import { openPlaces, placeholderEnvironment, type WantedKey, withoutPlaceholders } from './foreign/placeholders.ts';
import { type ForeignConfigs, readForeign } from './foreign/read-foreign.ts';
import { CliFailure, type CliIo } from './io.ts';
import { type Paint, painter } from './style.ts';

/** Adds `modelmux import`: makes a config of another product's document, and says what could not be mapped. */
export function addImport(program: Command, io: CliIo): void {
  program
    .command('import')
    .description(
      'Turn a document of LiteLLM, Javelin or Portkey’s legacy form into a config. What has no counterpart goes to standard error.',
    )
    .argument('<file>', 'the document, or - for standard input')
    .addOption(new Option('--from <product>', 'whose document it is (default: told by its keys)').choices(products))
    .option('-o, --out <file>', 'write to this file, or one file a route to this folder (ending in /)')
    .addOption(
      new Option('-f, --format <format>', 'how to write it (default: as --out says, else yaml)').choices([
        'yaml',
        'json',
      ]),
    )
    .option('--route <name>', 'of a Javelin document: only this route')
    .option('--with-keys', 'write keys of environment variables into the config')
    .option('--force', 'write over a file that is there')
    .option('--json', 'print the config and what could not be mapped as one JSON object')
    .addHelpText('after', examples)
    .action((file: string, options: ImportOptions) => importFile(file, options, io));
}

const products = ['litellm', 'javelin', 'portkey'] as const;

const examples = `
Keys that a document takes from environment variables are not written: a provider's own variable is looked up again when the config
is used, any other becomes a virtual key. Keys written in the document itself stay.

Examples:
  $ modelmux import litellm.yaml > config.yaml
  $ modelmux import routes.json --from javelin --out configs/
  $ modelmux import legacy.json --format json
`;

interface ImportOptions {
  readonly from?: (typeof products)[number];
  readonly out?: string;
  readonly format?: 'yaml' | 'json';
  readonly route?: string;
  readonly withKeys?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** A config on its way out, and what there is to say of it. */
interface Imported {
  /** Of its route; empty where the document is one config. */
  readonly name: string;
  readonly config: Config;
  readonly wanted: readonly WantedKey[];
}

async function importFile(file: string, options: ImportOptions, io: CliIo): Promise<void> {
  const document = await readSoundDocument(file, io);
  const { configs, warnings } = readAs(document, options, io);
  const located = inOrder(warnings.map((warning) => ({ ...warning, ...document.locate(warning.path) })));
  const imported = chosen(configs, options).map(([name, config]): Imported => {
    const keyless = options.withKeys ? { config, wanted: [] } : withoutPlaceholders(config);
    return { name, ...keyless };
  });
  if (options.json) {
    const named = Object.fromEntries(imported.map(({ name, config }) => [name, config]));
    const wanted = imported.flatMap((one) => one.wanted);
    const told = imported.length === 1 ? { config: imported[0]?.config } : { configs: named };
    io.stdout(`${JSON.stringify({ ...told, virtualKeys: wanted, warnings: located }, undefined, 2)}\n`);
    return;
  }
  await write(imported, options, io);
  tell({ document, located, imported }, io);
}

function readAs(document: FileDocument, { from, withKeys }: ImportOptions, { env }: CliIo): ForeignConfigs {
  const found = kindOf(document.value);
  const kind = from ?? (found === 'modelmux' ? undefined : found);
  if (kind === undefined) {
    throw new CliFailure(
      `${document.file} looks like a config of our own. Say whose document it is with --from ${products.join('|')}.`,
    );
  }
  try {
    return readForeign(document, kind, withKeys ? env : placeholderEnvironment(document.text, env));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw fileFailure(
      document,
      error.issues.map((issue) => ({ ...issue, ...document.locate(issue.path) })),
    );
  }
}

function chosen(
  configs: Readonly<Record<string, Config>>,
  { route, out, json }: ImportOptions,
): readonly (readonly [string, Config])[] {
  const all = Object.entries(configs);
  if (route === undefined && (all.length === 1 || json || out?.endsWith('/'))) return all;
  const names = Object.keys(configs).join(', ');
  if (route === undefined)
    throw new CliFailure(
      `There are several routes: ${names}. Choose one with --route, or give --out a folder, as in --out configs/.`,
    );
  const found = all.filter(([name]) => name === route);
  if (found.length === 0) throw new CliFailure(`There is no route "${route}". Routes: ${names || 'none'}.`);
  return found;
}

async function write(imported: readonly Imported[], { out, format, force }: ImportOptions, io: CliIo): Promise<void> {
  const isFolder = out?.endsWith('/') === true;
  const chosenFormat = format ?? (out?.endsWith('.json') ? 'json' : 'yaml');
  for (const { name, config } of imported) {
    const text = chosenFormat === 'json' ? `${JSON.stringify(config, undefined, 2)}\n` : stringify(config, plainYaml);
    if (out === undefined) io.stdout(text);
    else await writeNew(isFolder ? join(out, `${name || 'config'}.${chosenFormat}`) : out, text, force === true);
  }
}

/** Without anchors: they are hard to read, and the same object may stand in two places by chance. */
const plainYaml = { aliasDuplicateObjects: false, lineWidth: 0 };

async function writeNew(path: string, text: string, mayReplace: boolean): Promise<void> {
  try {
    await mkdir(join(path, '..'), { recursive: true });
    // It may hold keys.
    await writeFile(path, text, { flag: mayReplace ? 'w' : 'wx', mode: 0o600 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliFailure(code === 'EEXIST' ? `${path} is there already. Give --force to write over it.` : message);
  }
}

interface Story {
  readonly document: FileDocument;
  readonly located: readonly LocatedIssue[];
  readonly imported: readonly Imported[];
}

function tell({ document, located, imported }: Story, io: CliIo): void {
  const paint: Paint = painter(io);
  const lines = [
    ...located.map(
      ({ path, line, column, message }) => `${document.file}:${line}:${column} ${paint('cyan', path)} ${message}`,
    ),
    ...imported.flatMap(({ name, config }) =>
      openPlaces(config).map(
        ([path, text]) =>
          `${paint('cyan', name === '' ? path : `${name}: ${path}`)} Put a value in place of ${text}, whose variable is not set or holds a secret.`,
      ),
    ),
    ...imported
      .flatMap((one) => one.wanted)
      .map(({ slug, provider, variable }) => {
        const target = `MODELMUX_VIRTUAL_KEY_${slug.toUpperCase().replaceAll('-', '_')}`;
        return `Virtual key "${slug}": set ${target}="${provider}:$${variable}", or keep it with "modelmux vault add".`;
      }),
  ];
  if (lines.length > 0) io.stderr(`${lines.join('\n')}\n`);
}
