import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Check } from './check.ts';

/** Pings the Redis at `url`, of whose password nothing is told. Speaks RESP2 itself, since no client need be installed. */
export async function checkRedis(url: string, timeoutMs: number): Promise<Check> {
  const about = { area: 'redis', name: 'REDIS_URL' } as const;
  const parsed = URL.parse(url);
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol))
    return { ...about, status: 'failed', detail: 'is not a URL such as redis://localhost:6379' };
  const startedAt = performance.now();
  try {
    await ping(parsed, timeoutMs);
    const ms = Math.round(performance.now() - startedAt);
    return { ...about, status: 'ok', detail: `${parsed.host} answers in ${ms} ms` };
  } catch (error) {
    return { ...about, status: 'failed', detail: `${parsed.host}: ${(error as Error).message}` };
  }
}

function ping({ hostname, port, protocol, username, password }: URL, timeoutMs: number): Promise<void> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const options = { host, port: port === '' ? 6379 : Number(port) };
  const socket = protocol === 'rediss:' ? connectTls({ ...options, servername: host }) : connectTcp(options);
  const commands = [
    ...(password === ''
      ? []
      : [['AUTH', ...(username === '' ? [] : [decodeURIComponent(username)]), decodeURIComponent(password)]]),
    ['PING'],
  ];
  return answered(socket, commands, timeoutMs).finally(() => socket.destroy());
}

function answered(socket: Socket, commands: readonly (readonly string[])[], timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = '';
    socket.setTimeout(timeoutMs, () => reject(new Error(`no answer within ${timeoutMs} ms`)));
    socket.once('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code ?? error.message)));
    socket.once('close', () => reject(new Error('closed the connection')));
    socket.write(commands.map(encoded).join(''));
    socket.on('data', (data: Buffer) => {
      received += data.toString('utf8');
      const lines = received.split('\r\n').slice(0, -1);
      const error = lines.find((line) => line.startsWith('-'));
      if (error !== undefined) reject(new Error(`answers ${error.slice(1)}`));
      else if (lines.length >= commands.length) resolve();
    });
  });
}

/** An array of bulk strings (Redis serialization protocol specification). */
function encoded(command: readonly string[]): string {
  return [`*${command.length}`, ...command.flatMap((word) => [`$${Buffer.byteLength(word)}`, word]), ''].join('\r\n');
}
