import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A program that tests start, and where it comes from. */
export interface NeededProgram {
  /** Name or path of what is started: `redis-server`. */
  readonly command: string;
  /** The Debian package that holds it. */
  readonly debianPackage: string;
  /** What to do where it cannot be installed for you: `brew install redis`. */
  readonly elsewhere: string;
}

const installLimitMs = 5 * 60 * 1000;

/**
 * Makes sure that a program is there: on Debian and its relatives, as root, a missing one is installed, quietly and once. Throws an
 * error that says what is missing and how to get it.
 */
export function needProgram(program: NeededProgram): void {
  if (hasProgram(program.command)) return;
  const { command, debianPackage, elsewhere } = program;
  const isDebian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (isDebian) install(debianPackage);
  if (hasProgram(command)) return;
  throw new Error(
    `The tests start a real "${command}", which is not installed here. Debian, Ubuntu: sudo apt-get install ${debianPackage}. Elsewhere: ${elsewhere}.`,
  );
}

/** Can the program be started by this name? */
export function hasProgram(command: string): boolean {
  return programPath(command) !== undefined;
}

/** Where the program is; undefined where it is not installed. */
export function programPath(command: string): string | undefined {
  try {
    return execFileSync('/bin/sh', ['-c', `command -v "${command}"`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

function install(debianPackage: string): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (args: readonly string[]) =>
    execFileSync('apt-get', args, { env, stdio: 'ignore', timeout: installLimitMs });
  try {
    run(['install', '-y', '--no-install-recommends', debianPackage]);
  } catch {
    // The list of packages may be missing or old.
    try {
      run(['update']);
      run(['install', '-y', '--no-install-recommends', debianPackage]);
    } catch {
      // Said by the caller, who looks for the program again.
    }
  }
}
