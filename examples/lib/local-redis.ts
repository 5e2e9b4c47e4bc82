import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Starts a Redis of its own for an example; undefined, and said so, where `redis-server` is not installed. */
export async function localRedis(): Promise<{ url: string; kill: () => void } | undefined> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'example-redis-'));
  const child = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', folder], { stdio: 'pipe' });
  const started = await Promise.race([
    once(child, 'error').then(() => false),
    new Promise<boolean>((resolve) => {
      child.stdout.on('data', (text) => String(text).includes('Ready to accept connections') && resolve(true));
    }),
  ]);
  if (started) return { url: `redis://127.0.0.1:${port}`, kill: () => child.kill('SIGKILL') };
  console.log('There is no "redis-server" on this machine (apt-get install redis-server, brew install redis).');
  console.log('Without one, each client goes by its own limits:');
  return undefined;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
