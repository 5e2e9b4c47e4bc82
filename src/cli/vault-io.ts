import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Environment } from '../vault/env.ts';

/** All that the `vault` command reads and writes beside the vault file. */
export interface VaultIo {
  readonly env: Environment;
  /** Standard output. */
  write(text: string): void;
  /** Standard error. */
  writeError(text: string): void;
  /** Standard input to its end. */
  readInput(): Promise<string>;
  /** Asks a person for a secret, without echo; absent when nobody sits at a terminal. Rejects with {@link CancelledError}. */
  readonly ask?: (question: string) => Promise<string>;
}

/** A person left a question unanswered: Ctrl-C, Ctrl-D. */
export class CancelledError extends Error {
  constructor() {
    super('Cancelled.');
  }
}

/** The input and output of this process. */
export function processIo(host: NodeJS.Process = process): VaultIo {
  return {
    env: host.env,
    write: (text) => void host.stdout.write(text),
    writeError: (text) => void host.stderr.write(text),
    readInput: () => readAll(host.stdin),
    // Questions go to standard error: standard output may be a file or a pipe.
    ...(host.stdin.isTTY === true ? { ask: (question) => askHidden(question, host.stdin, host.stderr) } : {}),
  };
}

/** Asks for one line that is not shown while it is typed. */
export function askHidden(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  // `terminal` takes the echo away from the system and gives it to readline, whose output goes nowhere.
  const lines = createInterface({ input, output: silent, terminal: true, historySize: 0 });
  output.write(question);
  return new Promise((resolve, reject) => {
    lines.once('line', resolve);
    lines.once('SIGINT', () => lines.close());
    // After `line` this changes nothing: a promise settles once.
    lines.once('close', () => reject(new CancelledError()));
  }).finally(() => {
    lines.close();
    output.write('\n');
  }) as Promise<string>;
}

async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
