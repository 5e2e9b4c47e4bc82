import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { run } from '../../src/cli/main.ts';

/** How a run of the program went. */
export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a run may be given. */
export interface Surroundings {
  readonly env?: Record<string, string>;
  readonly isTty?: boolean;
  readonly input?: string;
}

/** A run under way. */
export interface Program {
  readonly code: Promise<number>;
  out(): string;
  err(): string;
  stop(): void;
}

/** Starts the program in this process. */
export function start(argv: readonly string[], { env = {}, isTty = false, input = '' }: Surroundings = {}): Program {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const io = {
    stdout: (text: string) => void out.push(text),
    stderr: (text: string) => void err.push(text),
    env,
    isTty,
    signal: stop.signal,
    readInput: async () => input,
  };
  return { code: run(argv, io), out: () => out.join(''), err: () => err.join(''), stop: () => stop.abort() };
}

/** Runs the program to its end. */
export async function finished(argv: readonly string[], surroundings: Surroundings = {}): Promise<Finished> {
  const program = start(argv, surroundings);
  const code = await program.code;
  return { code, out: program.out(), err: program.err() };
}

/** A folder for the files of a test file. */
export function filesOf(): (name: string, text: string) => Promise<string> {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelmux-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return async (name, text) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
}
