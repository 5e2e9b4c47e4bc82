import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Portkey's open-source gateway, running beside us. */
export interface Gateway {
  /** With `/v1`. */
  readonly url: string;
  /** User and system time it has used so far, in microseconds; undefined where the system does not tell (it is read from Linux' `/proc`). */
  cpuUs(): number | undefined;
  stop(): void;
}

const program = fileURLToPath(new URL('node_modules/@portkey-ai/gateway/build/start-server.js', import.meta.url));

/** Starts the gateway on a free port. Undefined when it is not installed or does not come up within 20 s. */
export async function startGateway(): Promise<Gateway | undefined> {
  const port = await freePort();
  const child = spawn(process.execPath, [program, `--port=${port}`, '--headless'], {
    stdio: 'ignore',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const base = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100 && child.exitCode === null; tries++) {
    if (await answers(base)) {
      return { url: `${base}/v1`, cpuUs: () => cpuOf(child.pid), stop: () => child.kill() };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
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

async function answers(base: string): Promise<boolean> {
  try {
    return (await fetch(base)).ok;
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
