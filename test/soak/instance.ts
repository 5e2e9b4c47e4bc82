import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A `modelmux serve` in a process of its own. */
export interface Instance {
  readonly url: string;
  /** Counts its starts: who asked an earlier one may have lost its answer. */
  readonly generation: number;
  readonly isUp: boolean;
  /** Ends it without a word. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Bytes of memory and number of open files, sockets included. */
  measure(): Usage;
  stop(): Promise<void>;
}

/** What a process holds. */
export interface Usage {
  readonly rssBytes: number;
  readonly handles: number;
}

const entry = fileURLToPath(new URL('./serve.ts', import.meta.url));

/** Starts one. Resolves when it answers. */
export async function instance(port: number, args: readonly string[]): Promise<Instance> {
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let generation = 0;
  let isUp = false;
  const made: Instance = {
    url,
    get generation() {
      return generation;
    },
    get isUp() {
      return isUp;
    },
    async kill() {
      isUp = false;
      await end('SIGKILL');
    },
    async start() {
      generation++;
      child = spawn(process.execPath, [entry, '--port', String(port), ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      while (!(await answers(url))) await new Promise((resolve) => setTimeout(resolve, 50));
      isUp = true;
    },
    measure() {
      const folder = `/proc/${child?.pid}`;
      const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`${folder}/status`, 'utf8')) ?? [];
      return { rssBytes: Number(kilobytes) * 1024, handles: readdirSync(`${folder}/fd`).length };
    },
    async stop() {
      isUp = false;
      await end('SIGTERM');
    },
  };
  await made.start();
  return made;

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}
