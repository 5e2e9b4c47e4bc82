import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** `modelmux serve` as it is shipped, in a process of its own. */
export interface Instance {
  readonly url: string;
  /** Standard output and errors so far. */
  output(): string;
  /** Sends the signal and resolves to the exit code once the process has ended by itself. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  /** A JSON request; `key` as bearer. */
  ask(path: string, options?: AskOptions): Promise<InstanceReply>;
}

/** What to ask an instance. */
export interface AskOptions {
  readonly key?: string;
  /** POST when given, else GET. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What it said. */
export interface InstanceReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Starts an instance on a free port; it is killed with the test. `env` is all it sees beside `PATH`. */
export async function instance(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Instance> {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--json', ...argv], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  child.stderr.on('data', (data) => output.push(String(data)));
  const ended = once(child, 'exit');
  // Nothing that it still had to say reaches the next test.
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = await urlOf(child, output);
  return {
    url,
    output: () => output.join(''),
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      const [code] = await ended;
      return code as number | null;
    },
    ask: (path, options) => ask(`${url}${path}`, options),
  };
}

function urlOf(child: ChildProcess, output: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) return reject(new Error('No standard output.'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.push(`${line}\n`);
      if (line.startsWith('{"url"')) resolve((JSON.parse(line) as { url: string }).url);
    });
    child.once('exit', (code) => reject(new Error(`Ended with ${code}: ${output.join('')}`)));
  });
}

async function ask(url: string, { key, body, headers = {} }: AskOptions = {}): Promise<InstanceReply> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) : text };
}
