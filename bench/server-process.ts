import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** A server under test, in a process of its own. */
export interface ServerProcess {
  /** Without `/v1`. */
  readonly base: string;
  /** From its start to the first healthy answer. */
  readonly startMs: number;
  /** User and system time it has used so far, in microseconds; undefined where the system does not tell (it is read from Linux' `/proc`). */
  cpuUs(): number | undefined;
  /** Bytes of memory that it holds now; undefined as above. */
  memory(): number | undefined;
  stop(): void;
}

/** What to start: `program` and its arguments on `port`, and where it says that it is well. */
export interface Start {
  readonly args: (port: number) => readonly string[];
  readonly healthPath: string;
}

/** Starts a server on a free port. Undefined when it does not come up within 20 s. */
export async function startServer({ args, healthPath }: Start): Promise<ServerProcess | undefined> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...args(port)], {
    stdio: 'ignore',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const base = `http://127.0.0.1:${port}`;
  while (child.exitCode === null && performance.now() - startedAt < 20_000) {
    if (await answers(base + healthPath)) {
      return {
        base,
        startMs: performance.now() - startedAt,
        cpuUs: () => cpuOf(child.pid),
        memory: () => memoryOf(child.pid),
        stop: () => void child.kill(),
      };
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill();
  return undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** Source: proc(5), `/proc/pid/stat`: fields 14 and 15 in ticks of 10 ms. */
function cpuOf(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return undefined;
  }
}

/** Source: proc(5), `/proc/pid/status`: VmRSS in kibibytes. */
function memoryOf(pid: number | undefined): number | undefined {
  try {
    const [, kibibytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
