import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real Redis of this test file: a process of its own on a free port, with a folder of its own. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** `kill -9`: connections break, what it held in memory is gone. */
  kill(): Promise<void>;
  /** Starts again on the same port after `kill`. Resolves when it answers. */
  restart(): Promise<void>;
  /** `SIGSTOP`: connections stay, nobody answers. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Three masters that share the slots. */
export interface RedisCluster {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  stop(): Promise<void>;
}

const host = '127.0.0.1';

/** Starts a Redis without persistence; `args` are further settings, as in `['--appendonly', 'yes']`. */
export async function startRedis(args: readonly string[] = []): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'modelmux-redis-'));
  let { port, child } = await startOnFreePort(folder, args);
  const kill = async () => {
    child.kill('SIGCONT');
    await ended(child, 'SIGKILL');
  };
  return {
    port,
    url: `redis://${host}:${port}`,
    kill,
    async restart() {
      // A connection of somebody else may hold the port for a moment.
      for (let attempt = 0; attempt < 100; attempt++) {
        child = run(port, folder, args);
        if (await answers(port, child)) return;
        await pause();
      }
      throw new Error(`redis-server did not come back on port ${port}.`);
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts three masters and joins them to a cluster. Resolves when each knows all slots. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '5000'];
  const servers: RedisServer[] = [];
  for (let i = 0; i < 3; i++) servers.push(await startRedis([...settings, '--cluster-port', String(await freePort())]));
  const nodes = servers.map(({ port }) => ({ host, port }));
  const addresses = nodes.map((node) => `${node.host}:${node.port}`);
  execFileSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', '0', '--cluster-yes'], {
    stdio: 'ignore',
    timeout: 100_000,
  });
  for (const { port } of nodes) {
    while (!redisCli(port, 'cluster', 'info').includes('cluster_state:ok')) await pause();
  }
  return {
    nodes,
    async stop() {
      for (const server of servers) await server.stop();
    },
  };
}

/** A Redis, and a sentinel that knows it as `main`. */
export interface RedisSentinel {
  readonly name: 'main';
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  stop(): Promise<void>;
}

/** Starts a master and one sentinel that watches it. */
export async function startRedisSentinel(): Promise<RedisSentinel> {
  const master = await startRedis();
  const folder = mkdtempSync(join(tmpdir(), 'modelmux-sentinel-'));
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  writeFileSync(file, `port ${port}\nbind ${host}\ndir ${folder}\nsentinel monitor main ${host} ${master.port} 1\n`);
  const child = supervised(spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' }));
  if (!(await answers(port, child))) throw new Error('The sentinel did not start.');
  return {
    name: 'main',
    sentinels: [{ host, port }],
    async stop() {
      await ended(child, 'SIGKILL');
      await master.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What `redis-cli` prints. */
export function redisCli(port: number, ...args: readonly string[]): string {
  return execFileSync('redis-cli', ['-p', String(port), ...args], { encoding: 'utf8', timeout: 60_000 });
}

async function startOnFreePort(folder: string, args: readonly string[]) {
  // Somebody else may take the port in between.
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = await freePort();
    const child = run(port, folder, args);
    if (await answers(port, child)) return { port, child };
  }
  throw new Error('redis-server did not start.');
}

function run(port: number, folder: string, args: readonly string[]): ChildProcess {
  const settings = ['--bind', host, '--save', '', '--appendonly', 'no', '--dir', folder, '--loglevel', 'warning'];
  return supervised(spawn('redis-server', ['--port', String(port), ...settings, ...args], { stdio: 'ignore' }));
}

/** Ends with this process. */
function supervised(child: ChildProcess): ChildProcess {
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was free.');
  return address.port;
}

/** Waits for the first answer; false when the server ended instead. */
async function answers(port: number, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    if ((await processAt(port)) === child.pid) return true;
    await pause();
  }
  return false;
}

/** The process that answers at a port: where two servers were given the same one, the other's is not taken for one's own. */
function processAt(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let text = '';
    const end = (id?: number) => {
      socket.destroy();
      resolve(id);
    };
    socket.once('connect', () => socket.write('INFO server\r\n'));
    socket.on('data', (data) => {
      text += String(data);
      const [, id] = /process_id:(\d+)\r/.exec(text) ?? [];
      if (id !== undefined) end(Number(id));
      // Not yet ready, as in `-LOADING`.
      else if (text.startsWith('-')) end();
    });
    socket.once('error', () => end());
    socket.once('close', () => end());
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
