import http from 'node:http';
import net from 'node:net';
import { onTestFinished } from 'vitest';
import type { HttpRequest } from '../../../src/core/transport.ts';

/** A server that lives as long as the test that started it. */
export interface TestServer {
  /** `http://127.0.0.1:<port>` */
  readonly base: string;
  readonly port: number;
  /** Sockets accepted so far. */
  readonly sockets: readonly net.Socket[];
}

export function startHttp(listener: http.RequestListener): Promise<TestServer> {
  return start(http.createServer(listener));
}

export function startTcp(listener: (socket: net.Socket) => void): Promise<TestServer> {
  return start(net.createServer(listener));
}

async function start(server: net.Server): Promise<TestServer> {
  const sockets: net.Socket[] = [];
  server.on('connection', (socket: net.Socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as net.AddressInfo;
  return { base: `http://127.0.0.1:${port}`, port, sockets };
}

/** A port of this machine where nobody listens. */
export async function unusedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when the server's side of `socket` is closed. */
export function closed(socket: net.Socket | undefined): Promise<void> {
  if (socket === undefined || socket.closed) return Promise.resolve();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Reads the whole body of an incoming request. */
export async function bodyOf(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A POST of `{}` as JSON. */
export function post(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'POST', url, headers: { 'content-type': 'application/json' }, body: '{}', ...more };
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
