import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasProgram, needProgram } from './debian-package.ts';

/** A real PostgreSQL of this test file: a process of its own on a free port, with a folder of its own. */
export interface PostgresServer {
  /** Of a new, empty database. */
  freshUrl(): string;
  /** `SIGSTOP`: connections stay, nobody answers. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a PostgreSQL; on Debian as root a missing one is installed. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'modelmux-postgres-'));
  const user = userOf(folder);
  const data = join(folder, 'data');
  const encoding = ['--encoding=UTF8', '--locale=C'];
  execFileSync(programs.initdb, ['-D', data, '-U', 'tester', '-A', 'trust', ...encoding, '--no-sync'], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, fsync: 'off' };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(programs.postgres, ['-D', data, ...args], { ...user, cwd: folder, stdio: 'ignore' });
  const psql = (statement: string) =>
    execFileSync(programs.psql, ['-h', '127.0.0.1', '-p', String(port), '-U', 'tester', '-c', statement, 'postgres'], {
      stdio: 'ignore',
    });
  await until(() => {
    psql('SELECT 1');
  });
  let databases = 0;
  return {
    freshUrl() {
      const name = `test_${++databases}`;
      psql(`CREATE DATABASE ${name}`);
      return `postgres://tester@127.0.0.1:${port}/${name}`;
    },
    pause: () => signalAll(child.pid, 'SIGSTOP'),
    resume: () => signalAll(child.pid, 'SIGCONT'),
    async stop() {
      signalAll(child.pid, 'SIGCONT');
      // Immediate shutdown: the folder is thrown away.
      child.kill('SIGQUIT');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server and the processes of its connections. */
function signalAll(pid: number | undefined, signal: 'SIGSTOP' | 'SIGCONT'): void {
  if (pid === undefined) return;
  const children = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  for (const each of [pid, ...children.split('\n').filter(Boolean).map(Number)]) process.kill(each, signal);
}

function findPrograms() {
  if (programFolder() === undefined)
    needProgram({ command: 'pg_ctlcluster', debianPackage: 'postgresql', elsewhere: 'brew install postgresql' });
  const folder = programFolder() ?? '';
  const at = (name: string) => (folder === '' ? name : join(folder, name));
  return { initdb: at('initdb'), postgres: at('postgres'), psql: at('psql') };
}

/** Debian keeps the server's programs where nobody looks; empty where they are in the path. Undefined: not installed. */
function programFolder(): string | undefined {
  if (hasProgram('initdb')) return '';
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(base, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/** PostgreSQL refuses to run as root: then it runs as the user its package made, who gets the folder. */
function userOf(folder: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const [uid, gid] = [id('-u'), id('-g')];
  chownSync(folder, uid, gid);
  chmodSync(folder, 0o755);
  return { uid, gid };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function until(works: () => void): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return works();
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
