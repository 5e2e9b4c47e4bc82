import { Command, CommanderError, Option } from 'commander';
import { ConfigError } from '../core/errors/config-error.ts';
import { PortkeyError } from '../core/errors/portkey-error.ts';
import type { EventSink } from '../core/events.ts';
import type { Clock } from '../core/runtime.ts';
import { type FileVault, openVaultFile, type VaultFileOptions } from '../vault/file.ts';
import type { ProviderDirectory } from '../vault/provider-directory.ts';
import type { ScryptCost } from '../vault/sealed-box.ts';
import type { MaskedEntry } from '../vault/vault-entries.ts';
import { VaultFileError } from '../vault/vault-file-error.ts';
import { CancelledError, type VaultIo } from './vault-io.ts';

const passphraseVariable = 'MODELMUX_VAULT_PASSPHRASE';
const fileVariable = 'MODELMUX_VAULT_FILE';

/**
 * The command `vault add|list|rotate|remove` over an encrypted file of virtual keys. Secrets come from standard input, a hidden
 * prompt or an environment variable, never from the command line.
 *
 * `parseAsync` rejects with a `CommanderError` when anything fails; everything is already written then. Its `exitCode` is 1
 * when the vault refused, 2 when the command line, its input or the environment is wrong, 0 after help.
 */
export function vaultCommand(options: VaultCommandOptions): Command {
  const { io } = options;
  const command = new Command('vault')
    .description('Keep virtual keys in an encrypted file.')
    .addHelpText('after', examples);
  command.configureOutput({
    writeOut: (text) => io.write(text),
    writeErr: (text) => io.writeError(text),
    outputError: (text, write) => write(withoutValues(text)),
  });
  command.exitOverride((error) => {
    throw error.exitCode === 0 ? error : new CommanderError(2, error.code, withoutValues(error.message));
  });
  withKey(common(command, 'add', 'add a virtual key; its API key is read from standard input'))
    .argument('<slug>', 'name to ask for it, as in "@slug/model"')
    .requiredOption('--provider <name>', 'whose key it is, as in "openai"')
    .option('--without-key', 'there is no API key: the provider needs none, or its fields suffice')
    .option('--field <name=value>', 'provider field that is no secret; repeatable', collect, [])
    .option('--field-env <name=VARIABLE>', 'provider field taken from an environment variable; repeatable', collect, [])
    .action((slug: string, flags: AddFlags) => run(options, flags, () => add(options, slug, flags)));
  common(command, 'list', 'list virtual keys, masked').action((flags: Flags) =>
    run(options, flags, () => list(options, flags)),
  );
  withKey(common(command, 'rotate', 'replace the API key of a virtual key; the new one is read from standard input'))
    .argument('<slug>')
    .action((slug: string, flags: KeyFlags) => run(options, flags, () => rotate(options, slug, flags)));
  common(command, 'remove', 'remove a virtual key')
    .argument('<slug>')
    .action((slug: string, flags: Flags) => run(options, flags, () => remove(options, slug, flags)));
  return command;
}

const examples = `
Examples:
  $ modelmux vault add main --provider openai < key.txt
  $ modelmux vault add azure --provider azure-openai --key-env AZURE_KEY --field resource_name=mine
  $ modelmux vault list --json
  $ modelmux vault rotate main < new-key.txt
  $ modelmux vault remove main

The passphrase is read from MODELMUX_VAULT_PASSPHRASE, or asked for at a terminal.
`;

/** What the `vault` command works with. */
export interface VaultCommandOptions {
  readonly io: VaultIo;
  readonly providers: ProviderDirectory;
  readonly clock?: Clock;
  /** See `VaultFileOptions`. */
  readonly cost?: ScryptCost;
}

interface Flags {
  readonly file?: string;
  readonly json?: boolean;
}

interface KeyFlags extends Flags {
  readonly keyEnv?: string;
  /** Hidden options, there to be refused with a reason. */
  readonly key?: string;
  readonly apiKey?: string;
}

interface AddFlags extends KeyFlags {
  readonly provider: string;
  readonly withoutKey?: boolean;
  readonly field: readonly string[];
  readonly fieldEnv: readonly string[];
}

/** Commander quotes what it does not understand, which may be the key somebody tried to pass. */
function withoutValues(text: string): string {
  return text
    .replace(/( '--?[\w-]+)=[\s\S]*/, "$1=…'\n")
    .replace(/(too many arguments.* but got \d+):[\s\S]*/, '$1.\n');
}

/** The command line, its input or the environment is wrong: exit code 2. */
class UsageError extends Error {}

function common(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--file <path>', `the vault file; default $${fileVariable}, else modelmux.vault`)
    .option('--json', 'print JSON');
}

function withKey(command: Command): Command {
  return command
    .option('--key-env <VARIABLE>', 'take the API key from this environment variable')
    .addOption(new Option('--key <key>').hideHelp())
    .addOption(new Option('--api-key <key>').hideHelp());
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function run({ io }: VaultCommandOptions, { json }: Flags, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const isOurs = error instanceof UsageError || error instanceof PortkeyError || error instanceof CancelledError;
    if (!isOurs) throw error;
    const { message } = error;
    io.writeError(json === true ? `${JSON.stringify({ error: { message } })}\n` : `error: ${message}\n`);
    throw new CommanderError(isUsage(error) ? 2 : 1, 'modelmux.vault', message);
  }
}

function isUsage(error: Error): boolean {
  const isInput = error instanceof VaultFileError && (error.code === 'no_passphrase' || error.code === 'invalid');
  return isInput || error instanceof UsageError || error instanceof ConfigError;
}

async function add(options: VaultCommandOptions, slug: string, flags: AddFlags): Promise<void> {
  refuseKeyOnCommandLine(flags);
  const fields = { ...plainFields(flags.field), ...fieldsFromEnv(flags.fieldEnv, options.io) };
  const vault = await openForAdding(options, flags);
  const key = flags.withoutKey === true ? {} : { api_key: await readKey(options.io, flags) };
  await vault.add(slug, { ...fields, provider: flags.provider, ...key });
  confirm(options, flags, `Added ${slug}`, await entryOf(vault, slug));
}

async function list(options: VaultCommandOptions, flags: Flags): Promise<void> {
  const { io } = options;
  const vault = await openExisting(options, flags);
  const entries = await vault.list();
  if (flags.json === true) io.write(`${JSON.stringify(entries, null, 2)}\n`);
  else if (entries.length === 0) io.write('No virtual keys.\n');
  else io.write(table(entries));
}

async function rotate(options: VaultCommandOptions, slug: string, flags: KeyFlags): Promise<void> {
  refuseKeyOnCommandLine(flags);
  const vault = await openExisting(options, flags);
  await vault.rotate(slug, await readKey(options.io, flags));
  confirm(options, flags, `Rotated ${slug}`, await entryOf(vault, slug));
}

async function remove(options: VaultCommandOptions, slug: string, flags: Flags): Promise<void> {
  const vault = await openExisting(options, flags);
  await vault.remove(slug);
  confirm(options, flags, `Removed ${slug}`, { slug, removed: true });
}

function refuseKeyOnCommandLine({ key, apiKey }: KeyFlags): void {
  if (key === undefined && apiKey === undefined) return;
  throw new UsageError(
    'A key on the command line is seen by every user of this machine and stays in the history of the shell. ' +
      'Write it to standard input, or name a variable with --key-env. Consider this key leaked.',
  );
}

function plainFields(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, value] = divide(pair, '--field');
      if (/key|secret|token|password|credential|json/i.test(name)) {
        throw new UsageError(`${name} may be a secret. Set a variable and pass --field-env ${name}=VARIABLE.`);
      }
      return [name, value];
    }),
  );
}

function fieldsFromEnv(pairs: readonly string[], io: VaultIo): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, variable] = divide(pair, '--field-env');
      return [name, fromEnv(variable, io)];
    }),
  );
}

function divide(pair: string, option: string): [string, string] {
  const end = pair.indexOf('=');
  if (end > 0) return [pair.slice(0, end), pair.slice(end + 1)];
  throw new UsageError(`${option} needs a name, "=" and what it stands for, as in ${option} region=eu-west-1.`);
}

async function readKey(io: VaultIo, { keyEnv }: KeyFlags): Promise<string> {
  if (keyEnv !== undefined) return fromEnv(keyEnv, io);
  const text = io.ask === undefined ? await io.readInput() : await io.ask('API key: ');
  const key = text.replace(/\r?\n$/, '');
  if (key === '') throw new UsageError('No API key was given. Write it to standard input, or use --key-env.');
  return key;
}

function fromEnv(variable: string, io: VaultIo): string {
  const value = io.env[variable];
  // What stands in place of a variable's name may be the secret itself.
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) throw new UsageError('That is no name of an environment variable.');
  if (value === undefined || value === '') throw new UsageError(`The environment variable ${variable} is not set.`);
  return value;
}

async function openForAdding(options: VaultCommandOptions, flags: Flags): Promise<FileVault> {
  const passphrase = await readPassphrase(options.io);
  try {
    return await openExisting(options, flags, passphrase);
  } catch (error) {
    if (!(error instanceof VaultFileError && error.code === 'not_found')) throw error;
  }
  // A slip of the hand in a passphrase nobody saw would lock the new file for good.
  if (passphrase.isTyped && (await options.io.ask?.('Repeat the passphrase of the new vault: ')) !== passphrase.text) {
    throw new UsageError('The passphrases differ. Nothing was written.');
  }
  return openVaultFile({ ...fileOptions(options, flags), passphrase: passphrase.text, create: true });
}

async function openExisting(options: VaultCommandOptions, flags: Flags, given?: Passphrase): Promise<FileVault> {
  const passphrase = given ?? (await readPassphrase(options.io));
  return openVaultFile({ ...fileOptions(options, flags), passphrase: passphrase.text });
}

interface Passphrase {
  readonly text: string | undefined;
  readonly isTyped: boolean;
}

async function readPassphrase(io: VaultIo): Promise<Passphrase> {
  const text = io.env[passphraseVariable];
  if (text !== undefined && text !== '') return { text, isTyped: false };
  if (io.ask === undefined) return { text: undefined, isTyped: false };
  return { text: await io.ask('Passphrase of the vault: '), isTyped: true };
}

function fileOptions({ io, providers, clock, cost }: VaultCommandOptions, { file }: Flags): VaultFileOptions {
  const events: EventSink = {
    wants: (name) => name === 'warning',
    emit: (_name, event) => 'message' in event && io.writeError(`warning: ${event.message}\n`),
  };
  return {
    path: file ?? (io.env[fileVariable] || 'modelmux.vault'),
    providers,
    events,
    env: io.env,
    ...(clock === undefined ? {} : { clock }),
    ...(cost === undefined ? {} : { cost }),
  };
}

async function entryOf(vault: FileVault, slug: string): Promise<MaskedEntry | undefined> {
  return (await vault.list()).find((entry) => entry.slug === slug);
}

function confirm({ io }: VaultCommandOptions, { json }: Flags, done: string, shown: object | undefined): void {
  io.write(json === true ? `${JSON.stringify(shown)}\n` : `${done}.\n`);
}

function table(entries: readonly MaskedEntry[]): string {
  const rows = entries.map((entry) => [
    entry.slug,
    entry.provider,
    entry.key ?? '-',
    entry.fields.join(',') || '-',
    entry.createdAt,
    entry.rotatedAt ?? '-',
  ]);
  const all = [['SLUG', 'PROVIDER', 'KEY', 'FIELDS', 'CREATED', 'ROTATED'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${all.map(line).join('\n')}\n`;
}
