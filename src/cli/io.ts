import type { ConfigIssue } from '../core/errors/config-error.ts';

/** What a command may use of the world outside. */
export interface CliIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Is the output a terminal? */
  readonly isTty: boolean;
  /** Aborts when the user wants the command to end. */
  readonly signal: AbortSignal;
  /** Standard input to its end. */
  readonly readInput: () => Promise<string>;
  /** Asks a person for a secret, without echo; absent when nobody sits at a terminal. */
  readonly ask?: (question: string) => Promise<string>;
}

/** May output be styled? Only on a terminal, and not with `NO_COLOR` (https://no-color.org). */
export function hasColor({ env, isTty }: CliIo): boolean {
  return isTty && !env['NO_COLOR'];
}

/** A command that could not do its work; ends the program with code 1. `issues` lists what is wrong in a file. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly issues: readonly ConfigIssue[];

  constructor(message: string, issues: readonly ConfigIssue[] = []) {
    super(message);
    this.issues = issues;
  }
}
