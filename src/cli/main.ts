import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { providerDirectory } from '../config/vaults.ts';
import { runtimeProblem } from '../core/runtime-age.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addExplain } from './explain.ts';
import { addImport } from './import.ts';
import { CliFailure, type CliIo, hasColor } from './io.ts';
import { addKeys } from './keys.ts';
import { addLoad } from './load.ts';
import { addLogs } from './logs.ts';
import { addServe } from './serve.ts';
import { addSimulate } from './simulate.ts';
import { addValidate } from './validate.ts';
import { vaultCommand } from './vault.ts';
import { processIo } from './vault-io.ts';

/**
 * Runs the command line program and gives its exit code: 0 when it did what was asked, 1 when it could not, 2 when it was
 * asked wrongly. `argv` begins after the program's name.
 */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    const problem = runtimeProblem();
    if (problem !== undefined) throw new CliFailure(problem);
    await program(io).parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return exitCodeOf(error);
    if (!(error instanceof CliFailure)) throw error;
    io.stderr(argv.includes('--json') ? failureJson(error) : failureText(error));
    return 1;
  }
}

/** Commander's own complaints are about how the program was called; any other error brings its code. */
function exitCodeOf({ code, exitCode }: CommanderError): number {
  return code.startsWith('commander.') && exitCode !== 0 ? 2 : exitCode;
}

/** Columns of help that goes to no terminal. */
const plainWidth = 80;

function program(io: CliIo): Command {
  const command = new Command('modelmux')
    .description('The LLM gateway inside your process, and simulated providers to try it with.')
    .version(version(), '-v, --version')
    .showSuggestionAfterError()
    .showHelpAfterError('Run with --help for usage.')
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
      getOutHasColors: () => hasColor(io),
      getErrHasColors: () => hasColor(io),
      ...(io.isTty ? {} : { getOutHelpWidth: () => plainWidth, getErrHelpWidth: () => plainWidth }),
    })
    .addHelpText('after', examples)
    .exitOverride();
  addLogs(command, io);
  addServe(command, io);
  addDemo(command, io);
  addValidate(command, io);
  addExplain(command, io);
  addImport(command, io);
  addKeys(command, io);
  addLoad(command, io);
  addDoctor(command, io);
  addSimulate(command, io);
  const { env, readInput, ask } = io;
  const vaultIo = { env, readInput, write: io.stdout, writeError: io.stderr, ...(ask === undefined ? {} : { ask }) };
  command.addCommand(vaultCommand({ io: vaultIo, providers: providerDirectory }));
  return command;
}

const examples = `
Examples:
  $ modelmux demo
  $ modelmux validate config.yaml && modelmux serve --config config.yaml
  $ modelmux explain config.yaml --request '{"model": "gpt-4o"}'

Exit codes: 0 done, 1 it could not be done, 2 it was asked wrongly.
`;

function version(): string {
  const { version: found } = createRequire(import.meta.url)('modelmux/package.json') as { readonly version: string };
  return found;
}

function failureText({ message, issues }: CliFailure): string {
  return `${[message, ...issues.map((issue) => `  ${issue.path}: ${issue.message}`)].join('\n')}\n`;
}

function failureJson({ message, issues }: CliFailure): string {
  return `${JSON.stringify({ error: { message, ...(issues.length === 0 ? {} : { issues }) } })}\n`;
}

/** The first signal asks to stop, a second one does not wait. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return controller.signal;
}

/** Is this file the program that Node was started with? A package manager starts it through a link. */
function isProgram(): boolean {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url);
}

/** Whoever reads the output may leave before its end, as `head` does: no reason to break off, nor to tell anybody. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

if (isProgram()) {
  outliveReaders();
  const { write, writeError, ...input } = processIo();
  process.exitCode = await run(process.argv.slice(2), {
    ...input,
    stdout: write,
    stderr: writeError,
    isTty: process.stdout.isTTY === true,
    signal: stopSignal(),
  });
}
