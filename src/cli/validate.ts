import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { childrenOf } from '../config/children.ts';
import type { Config } from '../config/config.ts';
import { type CheckedFile, checkConfigFile, isConfigName } from './files/config-file.ts';
import type { LocatedIssue } from './files/read-document.ts';
import type { DocumentKind } from './foreign/document-kind.ts';
import { CliFailure, type CliIo } from './io.ts';
import { count, type Paint, painter } from './style.ts';

/** Adds `modelmux validate`: checks config files and says everything that is wrong with them, line by line. */
export function addValidate(program: Command, io: CliIo): void {
  program
    .command('validate')
    .description(
      'Check config files: ours, LiteLLM’s, Javelin’s, Portkey’s legacy form; JSON or YAML. Nothing is sent.',
    )
    .argument('<file...>', 'files, folders of them, or - for standard input')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((files: readonly string[], options: { readonly json?: boolean }) => validate(files, options, io));
}

const examples = `
Exit code: 0 when all is well, 1 when something is wrong, 2 when asked wrongly. Warnings are not wrong.

Examples:
  $ modelmux validate config.yaml
  $ modelmux validate configs/ --json
  $ modelmux validate litellm.yaml javelin.json
  $ cat config.json | modelmux validate -
`;

async function validate(files: readonly string[], { json }: { readonly json?: boolean }, io: CliIo): Promise<void> {
  const checked: CheckedFile[] = [];
  for (const file of (await Promise.all(files.map(filesIn))).flat()) checked.push(await checkConfigFile(file, io));
  io.stdout(json ? `${JSON.stringify({ files: checked.map(toJson) }, undefined, 2)}\n` : toText(checked, painter(io)));
  if (checked.some(({ configs }) => configs === undefined)) throw new CommanderError(1, 'modelmux.validate', 'invalid');
}

async function filesIn(file: string): Promise<readonly string[]> {
  const isFolder = file !== '-' && (await stat(file).catch(() => undefined))?.isDirectory() === true;
  if (!isFolder) return [file];
  const names = (await readdir(file)).filter(isConfigName).sort();
  if (names.length === 0) throw new CliFailure(`No file in ${file} ends in .json, .yaml or .yml.`);
  return names.map((name) => join(file, name));
}

function toJson({ document: { file }, kind, configs, issues, warnings }: CheckedFile): object {
  return { file, kind, valid: configs !== undefined, issues, warnings };
}

function toText(checked: readonly CheckedFile[], paint: Paint): string {
  const lines = checked.flatMap(({ document: { file }, kind, configs, issues, warnings }) => [
    ...issues.map((issue) => issueLine(file, issue, '', paint)),
    ...warnings.map((warning) => issueLine(file, warning, paint('yellow', 'warning: '), paint)),
    ...(configs === undefined ? [] : [`${file}: ${paint('green', 'valid')}, ${titles[kind]}${summary(configs)}`]),
  ]);
  const problems = checked.reduce((sum, { issues }) => sum + issues.length, 0);
  if (problems > 0) lines.push(paint('red', `${count(problems, 'problem')} in ${count(checked.length, 'file')}.`));
  return `${lines.join('\n')}\n`;
}

function issueLine(file: string, { path, line, column, message }: LocatedIssue, lead: string, paint: Paint): string {
  return `${paint('bold', `${file}:${line}:${column}`)} ${lead}${paint('cyan', path)} ${message}`;
}

const titles: Readonly<Record<DocumentKind, string>> = {
  modelmux: '',
  portkey: 'legacy Portkey, ',
  litellm: 'LiteLLM, ',
  javelin: 'Javelin, ',
};

function summary(configs: Readonly<Record<string, Config>>): string {
  return Object.entries(configs)
    .map(([name, config]) => (name === '' ? told(config) : `route "${name}": ${told(config)}`))
    .join('; ');
}

function told(config: Config): string {
  const groups = config.model_groups;
  const what = groups === undefined ? config.strategy?.mode : count(Object.keys(groups).length, 'model group');
  const targets = count(targetsOf(config), 'target');
  return what === undefined ? targets : `${what} over ${targets}`;
}

function targetsOf(config: Config): number {
  const children = childrenOf(config);
  return children.length === 0 ? 1 : children.reduce((sum, child) => sum + targetsOf(child), 0);
}
